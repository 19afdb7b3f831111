import { SignJWT } from "jose";
import { TRUST, signed, subjectOf, tokenFor } from "../../support/api.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { requestText, sendRaw } from "../../http/raw.client.js";
import { type FabulaProcess, endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";

const CHEAP = "{ stories(first: 1) { edges { node { id } } } }";
const COST = 5;

let database: TestDatabase;
let server: FabulaProcess;
beforeAll(async () => {
  database = await cloneDatabase();
  server = await fabulaProcess("main", database, {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    INLINE_WORKER: "false",
    PLAYGROUND: "true",
    PUBLIC_URL: "https://fabula.example",
    TRUST_PROXY: "1",
    COST_BUCKET: "20000",
    COST_PER_SECOND: "1",
  });
});
afterAll(async () => {
  await server.stop();
  endProcesses();
  await database.drop();
});

const bearing = (authorization: string) =>
  new GraphqlClient({ url: server.url, authorization: () => Promise.resolve(authorization) });

test("a server in production refuses a token that never expires", async () => {
  const endless = new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subjectOf("ada"))
    .setIssuer(TRUST.issuer)
    .setAudience(TRUST.audience);

  const refused = await bearing(await signed(endless)).query(CHEAP);
  const accepted = await bearing(await signed(tokenFor("ada"))).query(CHEAP);

  expect([refused.status, refused.code]).toEqual([401, "UNAUTHENTICATED"]);
  expect(refused.errors[0]?.message).toContain("does not expire");
  expect(accepted.errors).toEqual([]);
});

test("a server in production suggests no names and reports no SQL", async () => {
  const client = bearing(await signed(tokenFor("ada")));

  const misspelled = await client.query("{ storys { totalCount } }");
  const answered = await client.query(CHEAP);

  expect(misspelled.body).toContain("Cannot query field");
  expect(misspelled.body).not.toContain("Did you mean");
  expect(answered.body).not.toContain('"sql"');
});

test("the playground answers at PUBLIC_URL and at no foreign host", async () => {
  const at = (host: string) => sendRaw(server.url, requestText("GET /playground", { host }));

  const [own, foreign] = [await at("fabula.example"), await at("evil.example")];

  expect([own.status, foreign.status]).toEqual([200, 403]);
});

test("networks behind the trusted proxy have budgets of the configured size", async () => {
  const from = (address: string) =>
    new GraphqlClient({ url: server.url }).post(JSON.stringify({ query: CHEAP }), {
      "x-forwarded-for": address,
    });

  const remaining = [await from("192.0.2.1"), await from("192.0.2.1"), await from("192.0.2.2")].map(
    ({ cost }) => cost.remaining,
  );

  expect(remaining).toEqual([20_000 - COST, expect.any(Number), 20_000 - COST]);
  expect(remaining[1]).toBeLessThan(20_000 - COST);
});
