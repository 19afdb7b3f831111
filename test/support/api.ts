import type { Server } from "node:http";
import { SignJWT } from "jose";
import { type HttpServerOptions, createHttpServer } from "../../src/http/server.js";
import { type TrustedIssuer, createTokenVerifier } from "../../src/http/tokens.js";
import type { MediaAccess } from "../../src/instances/index.js";
import { userStore } from "../../src/platform/users/user.store.js";
import { GraphqlClient } from "../api/harness/graphql.client.js";
import { type TestApp, type TestAppOptions, silent, testApp } from "./app.js";
import type { Given } from "./given.js";

export interface ApiAppOptions extends TestAppOptions {
  /** True if responses contain no extensions.sql, as in production. */
  readonly isProduction?: boolean;
  /** Default: verifies tokens of `trust`. */
  readonly verify?: HttpServerOptions["verify"];
  readonly deadlines?: HttpServerOptions["deadlines"];
  readonly playground?: HttpServerOptions["playground"];
  readonly publicUrl?: HttpServerOptions["publicUrl"];
  readonly trust?: TrustedIssuer;
  readonly corsOrigins?: readonly string[];
  /** Default: more than any test spends. */
  readonly bucketSize?: HttpServerOptions["bucketSize"];
  readonly bucketStore?: HttpServerOptions["bucketStore"];
  readonly trustProxy?: HttpServerOptions["trustProxy"];
  readonly drainMs?: HttpServerOptions["drainMs"];
  /** Default: looks with the system's clock. */
  readonly mediaAccess?: (database: TestApp["database"]) => MediaAccess;
  readonly accountCheckMs?: HttpServerOptions["accountCheckMs"];
}

const ENDLESS = { capacity: 1_000_000_000, perSecond: 1_000_000 };

/** The real app with its real server. Users have short names, for example "ada". */
export interface ApiApp extends TestApp {
  /** The URL of /graphql. */
  readonly url: string;
  /** Node's server. */
  readonly server: Server;
  as(name: string): GraphqlClient;
  anonymous(): GraphqlClient;
  /** Returns a client that sends this Authorization header. */
  bearing(authorization: string): GraphqlClient;
}

/**
 * Only subjects and e-mail addresses of test users contain this text. A response with this text leaks
 * private data.
 */
const MARK = "7f3k";

export const subjectOf = (name: string): string => `subject-${name}-${MARK}`;

export const SECRET = "a secret of the tests which is long enough";
export const TRUST = {
  kind: "secret",
  secret: SECRET,
  issuer: "https://issuer.test",
  audience: "fabula-test",
} as const satisfies TrustedIssuer;

const claimsOf = (name: string) => ({
  subject: subjectOf(name),
  email: `${name}.${MARK}@mail.test`,
  displayName: name.slice(0, 1).toUpperCase() + name.slice(1),
});

/** Returns an unsigned token of a user. The test changes and signs it. */
export function tokenFor(name: string, expiresAt: number | string = "1h"): SignJWT {
  const { subject, email, displayName } = claimsOf(name);
  return new SignJWT({ email, name: displayName })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setIssuer(TRUST.issuer)
    .setAudience(TRUST.audience)
    .setExpirationTime(expiresAt);
}

export const signed = async (token: SignJWT): Promise<string> =>
  `Bearer ${await token.sign(new TextEncoder().encode(SECRET))}`;

export async function apiApp(options: ApiAppOptions = {}): Promise<ApiApp> {
  const app = await testApp(options);
  const server = await createHttpServer({
    services: servicesOf(app, options),
    storage: app.storage,
    mediaSigner: app.mediaSigner,
    uploadSigner: app.uploadSigner,
    verify:
      options.verify ??
      createTokenVerifier(options.trust ?? TRUST, {
        requiresExpiry: options.isProduction ?? false,
      }),
    deadlines: options.deadlines,
    logger: options.logger ?? silent,
    corsOrigins: options.corsOrigins,
    isProduction: options.isProduction ?? false,
    bucketSize: options.bucketSize ?? ENDLESS,
    bucketStore: options.bucketStore,
    trustProxy: options.trustProxy,
    drainMs: options.drainMs,
    accountCheckMs: options.accountCheckMs,
    readiness: app.readiness,
    playground: options.playground ?? null,
    publicUrl: options.publicUrl,
  });
  const url = `${await server.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
  const leaks: string[] = [];
  const record = (text: string): void => {
    if (text.includes(MARK)) leaks.push(text);
  };
  const client = (authorization?: () => Promise<string>): GraphqlClient =>
    new GraphqlClient({ url, record, ...(authorization ? { authorization } : {}) });
  return {
    ...app,
    url,
    server: server.server,
    given: givenByName(app),
    as: (name) => client(() => signed(tokenFor(name))),
    anonymous: () => client(),
    bearing: (authorization) => client(() => Promise.resolve(authorization)),
    close: async () => {
      await server.close();
      await app.close();
      if (leaks.length > 0)
        throw new Error(`Responses contain a users.id or an e-mail:\n${leaks.join("\n")}`);
    },
  };
}

const servicesOf = (
  { services, database }: TestApp,
  { mediaAccess = () => services.mediaAccess }: ApiAppOptions,
) => ({ ...services, mediaAccess: mediaAccess(database) });

/** Returns builders of rows. A user that a builder makes has the claims of the user's token. */
function givenByName({ given, database }: TestApp): Given {
  const user: Given["user"] = async (name) => {
    const claims = claimsOf(name);
    await database.write(claims.subject, (tx) => userStore.ensure(tx, claims));
    return given.user(claims.subject);
  };
  const story: Given["story"] = async ({ author = "cleo", ...about } = {}) =>
    given.story({ ...about, author: (await user(author)).id });
  return {
    ...given,
    user,
    story,
    narration: async ({ owner, story: told, ...about }) =>
      given.narration({
        ...about,
        owner: (await user(owner)).id,
        story: told ?? (await story({ analyse: true })),
      }),
    voiceSample: async ({ owner, ...about }) =>
      given.voiceSample({ ...about, owner: (await user(owner)).id }),
    emotionVoice: async ({ owner, ...about }) =>
      given.emotionVoice({ ...about, owner: (await user(owner)).id }),
  };
}
