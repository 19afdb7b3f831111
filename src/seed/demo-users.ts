import type { UserClaims } from "../platform/users/user.store.js";

/** The people of the demo data. Their subjects belong to the development issuer. */
export const DemoUser = { Ada: "ada", Ben: "ben", Cleo: "cleo" } as const;
export type DemoUser = (typeof DemoUser)[keyof typeof DemoUser];

/** What a development token says of `name`; any name may be asked for. */
export const demoClaims = (name: string): UserClaims & { readonly displayName: string } => ({
  subject: `demo-user-${name}`,
  displayName: name.charAt(0).toUpperCase() + name.slice(1),
});
