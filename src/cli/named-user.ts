import type { App } from "../app.js";
import { StartupError, UsageError } from "../platform/errors.js";
import { nearestTo } from "../platform/text/nearest.js";
import { type UserClaims, userStore } from "../platform/users/user.store.js";
import { DemoUser, demoClaims } from "../seed/demo-users.js";

const DEMO_USERS: readonly string[] = Object.values(DemoUser);

export interface NamedUser {
  readonly name: string;
  /** True if a person allows the command to make the user. */
  readonly mayCreate: boolean;
}

export type Claims = UserClaims & { readonly displayName: string };

/** Returns the claims of a user. The names of the demo users may be written in any case. @throws UsageError */
export function claimsOf(name: string): Claims {
  if (!/^[\w.-]{1,60}$/.test(name)) {
    throw new UsageError(
      `"${name}" is no name of a user; a name has 1 to 60 letters without accents, digits, dots and dashes.`,
    );
  }
  return demoClaims(demoNameOf(name) ?? name);
}

const demoNameOf = (name: string): string | undefined =>
  DEMO_USERS.find((demo) => demo === name.toLowerCase());

/** Returns false only for a user whom the database must know. */
export const isAllowed = ({ name, mayCreate }: NamedUser): boolean =>
  mayCreate || demoNameOf(name) !== undefined;

export function unknownUser(name: string): StartupError {
  const [near] = nearestTo(name, DEMO_USERS);
  const advice = near === undefined ? "" : ` Do you mean ${near}?`;
  return new StartupError(
    `There is no user "${name}".${advice} The demo users are ada, ben and cleo. To make a new user, add --create-user.`,
  );
}

/**
 * Makes sure that the user exists. @throws StartupError if the user is unknown and may not be made, or was erased
 */
export async function requireUser({ services }: App, user: NamedUser): Promise<Claims> {
  const claims = claimsOf(user.name);
  await services.database.write(claims.subject, async (tx) => {
    const known = await userStore.evenErased(tx, claims.subject);
    if (known?.erasedAt) {
      throw new StartupError("An operator erased this user; choose another one with --user.");
    }
    if (known) return;
    if (!isAllowed(user)) throw unknownUser(user.name);
    await userStore.ensure(tx, claims);
  });
  return claims;
}
