import pg from "pg";
import { sharesSessions } from "../../../../src/platform/database/start/sessions.js";
import { type Pooler, type PoolerOptions, startPooler } from "../../../support/pooler.js";
import { type TestDatabase, cloneDatabase } from "../../../support/test-database.js";

let database: TestDatabase;
let pooler: Pooler | undefined;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterEach(async () => {
  await pooler?.close();
  pooler = undefined;
});
afterAll(() => database.drop());

async function shares(options: PoolerOptions, clientsBefore = 0): Promise<boolean> {
  pooler = await startPooler(database.appUrl, options);
  await useSessions(pooler.url, clientsBefore);
  return sharesSessions(pooler.url);
}

/** Connects and disconnects `count` clients at the same time. The pooler keeps their sessions. */
async function useSessions(connectionString: string, count: number): Promise<void> {
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString }));
  await Promise.all(clients.map((client) => client.connect()));
  await Promise.all(clients.map((client) => client.query("BEGIN")));
  await Promise.all(clients.map((client) => client.query("COMMIT")));
  await Promise.all(clients.map((client) => client.end()));
}

test("PostgreSQL itself gives each client a session of its own", async () => {
  expect(await sharesSessions(database.appUrl)).toBe(false);
});

describe.each(["last used", "first used"] as const)(
  "a pooler that gives the %s session",
  (gives) => {
    test.each([1, 2, 3, 4, 7])(
      "after each transaction, of %i sessions, shares sessions",
      async (sessions) => {
        expect(await shares({ mode: "transaction", gives, sessions }, sessions)).toBe(true);
      },
    );

    test("after each transaction, and has opened few sessions yet, shares sessions", async () => {
      expect(await shares({ mode: "transaction", gives, sessions: 20 })).toBe(true);
    });

    test.each([0, 1, 4])(
      "when a client leaves, and has %i free ones, shares none",
      async (before) => {
        expect(await shares({ mode: "session", gives, sessions: 20 }, before)).toBe(false);
      },
    );
  },
);

test("a pooler that refuses transactions shares sessions", async () => {
  expect(await shares({ mode: "statement" })).toBe(true);
});

test("a session that another client left with another role is one session too", async () => {
  pooler = await startPooler(database.superUrl, { mode: "session", sessions: 20 });
  const client = new pg.Client({ connectionString: pooler.url });
  await client.connect();
  await client.query("SET ROLE fabula_app");
  await client.end();

  expect(await sharesSessions(pooler.url)).toBe(false);
});
