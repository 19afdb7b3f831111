import type { UserClaims } from "../platform/users/user.store.js";

/** The demo users. They sign in with tokens of the development issuer. */
export const DemoUser = { Ada: "ada", Ben: "ben", Cleo: "cleo" } as const;
export type DemoUser = (typeof DemoUser)[keyof typeof DemoUser];

/** Returns the claims of a development token for `name`. Any name is allowed. */
export const demoClaims = (name: string): UserClaims & { readonly displayName: string } => ({
  subject: `demo-user-${name}`,
  displayName: name.charAt(0).toUpperCase() + name.slice(1),
});
