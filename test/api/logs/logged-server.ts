import { type JWTPayload, SignJWT } from "jose";
import { SECRET, TRUST } from "../../support/api.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { type FabulaProcess, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";
import { Canaries } from "./canaries.js";

/** A server process that logs all that it can, and the canaries that its log must not contain. */
export interface LoggedServer extends FabulaProcess {
  /** The URL of the server, without a path. */
  readonly origin: string;
  readonly database: TestDatabase;
  readonly canaries: Canaries;
  /** Returns the header of a valid token, whose claims contain canaries. */
  token(claims?: JWTPayload): Promise<string>;
  /** A client of one user. */
  client(): Promise<GraphqlClient>;
  /** Stops the process. Returns the inputs whose canaries are in the log. */
  leaks(): Promise<string[]>;
}

export const MEDIA_SECRET = "canary of the secret that signs media";

export async function loggedServer(
  environment: Readonly<Record<string, string>>,
  canaries = new Canaries(),
): Promise<LoggedServer> {
  const database = await cloneDatabase();
  for (const url of [database.appUrl, database.ownerUrl])
    canaries.note(`the database password in ${url}`, new URL(url).password);
  canaries.note("AUTH_SECRET", SECRET);
  canaries.note("MEDIA_SECRET", MEDIA_SECRET);
  const server = await fabulaProcess("main", database, {
    ...{ LOG_LEVEL: "debug", HOST: "127.0.0.1", PLAYGROUND: "true", MEDIA_SECRET },
    ...environment,
  });
  const token = (claims: JWTPayload = {}): Promise<string> => tokenOf(canaries, claims);
  return {
    ...server,
    origin: new URL(server.url).origin,
    database,
    canaries,
    token,
    client: async () => {
      const authorization = await token();
      return new GraphqlClient({ url: server.url, authorization: async () => authorization });
    },
    leaks: async () => {
      await server.stop();
      await database.drop();
      return canaries.foundIn(server.output());
    },
  };
}

async function tokenOf(canaries: Canaries, claims: JWTPayload): Promise<string> {
  const name = canaries.of("display name");
  const token = await new SignJWT({
    name: `${name} ” ${name}`,
    email: `${canaries.of("e-mail")}@mail.test`,
    picture: `https://${canaries.of("picture")}.test/`,
    sub: canaries.of("subject"),
    iss: TRUST.issuer,
    aud: TRUST.audience,
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(SECRET));
  canaries.note(`signature of the token ${token}`, token.split(".")[2] ?? "");
  return `Bearer ${token}`;
}
