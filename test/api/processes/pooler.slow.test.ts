import pg from "pg";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { type Pooler, type PoolerOptions, startPooler } from "../../support/pooler.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { textNamed } from "../../support/texts.js";
import { NESTED_PAGE, PROGRESS } from "../harness/documents.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";

const SESSIONS = 25;

const POOLERS: [name: string, options: PoolerOptions][] = [
  ["drops startup options and shares sessions", { startup: "drops", mode: "transaction" }],
  ["refuses startup options and shares sessions", { startup: "refuses", mode: "transaction" }],
  [
    "gives sessions to the next client as they are",
    { startup: "drops", mode: "session", gives: "first used" },
  ],
];

const NODE = `query ($id: ID!) { node(id: $id) { id ... on ReferenceStory { title content } } }`;

/** The statements of another client of the pooler. They leave wrong settings in every session. */
const LEFTOVERS = `
  SET ROLE postgres; SET search_path = instances, pg_catalog; SET row_security = off;
  SET app.user_id = '${subjectOf("ada")}'; SET app.share_token_hashes = 'x';
  SET default_transaction_read_only = on; SET default_transaction_isolation = 'serializable';
  SET DateStyle = 'German'; SET IntervalStyle = 'iso_8601'; SET TimeZone = 'Asia/Tokyo';
  SET client_encoding = 'LATIN1'; SET standard_conforming_strings = off; SET bytea_output = 'escape';
  SET extra_float_digits = -15; SET statement_timeout = '31s'; SET lock_timeout = '32s';
  SET idle_in_transaction_session_timeout = '33s'`;

async function leaveEverywhere({ url }: Pooler): Promise<void> {
  const clients = Array.from({ length: SESSIONS }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  // Run each statement on all clients at the same time, so that each client has a session of its own.
  for (const statement of ["BEGIN", LEFTOVERS, "COMMIT"])
    await Promise.all(clients.map((client) => client.query(statement)));
  await Promise.all(clients.map((client) => client.end()));
}

describe.each(POOLERS)("behind a pooler that %s, with a superuser's login", (_name, options) => {
  let database: TestDatabase;
  let pooler: Pooler;
  let app: ApiApp;
  beforeAll(async () => {
    database = await cloneDatabase();
    pooler = await startPooler(database.superUrl, { ...options, sessions: SESSIONS });
    await leaveEverywhere(pooler);
    const urls = { databaseUrl: pooler.url, directUrl: database.superUrl };
    // Requests get only two connections, so that enough sessions of the pooler are left for everything
    // else.
    app = await apiApp({ database, urls, worker: true, poolSize: 2 });
  });
  afterAll(async () => {
    await app.close();
    await pooler.close();
    await database.drop();
  });

  test("an anonymous visitor and another user read no draft", async () => {
    const draft = await app.given.story({ author: "ada", title: "Only Ada's" });
    const id = toGlobalId("ReferenceStory", draft.id);

    const answers = await Promise.all(
      [app.anonymous(), app.as("ben"), app.as("ada")].map((client) => client.query(NODE, { id })),
    );

    const [anonymous, ben, ada] = answers.map(({ data }) => data);
    expect([anonymous, ben]).toEqual([{ node: null }, { node: null }]);
    expect(ada).toMatchObject({ node: { title: "Only Ada's", content: expect.any(String) } });
  });

  test("a user reads no other user's narrations", async () => {
    await app.given.narration({ owner: "ada", title: "Ada's" });
    await app.given.narration({ owner: "ben", title: "Ben's" });

    const page = await app.as("ben").query(NESTED_PAGE, { first: 10 });

    expect(page.body).toContain("Ben's");
    expect(page.body).not.toContain("Ada's");
  });

  test("a transaction has its own timeouts", async () => {
    const timeouts = await app.database.read({ viewer: null }, (tx) =>
      tx.query<{ name: string; ms: number }[]>(
        `SELECT name, setting::int AS ms FROM pg_settings
         WHERE name ~ '^(statement|lock|idle_in_transaction_session)_timeout$' ORDER BY name`,
      ),
    );

    expect(timeouts.map(({ ms }) => ms)).toEqual([10_000, 0, 5_000]);
  });

  test("no prepared statement stays in a session", async () => {
    await app.as("ben").query(NESTED_PAGE, { first: 10 });

    const kept = await app.database.read({ viewer: null }, (tx) =>
      tx.query("SELECT name FROM pg_prepared_statements"),
    );

    expect(kept).toEqual([]);
  });

  test("text and times arrive unchanged", async () => {
    const before = Date.now();
    const story = await app.given.story({ author: "cleo", title: "Żółw “ß” \\ '" });

    const [row] = await app.database.read({ viewer: subjectOf("cleo") }, (tx) =>
      tx.query<{ title: string; at: Date; pause: { hours: number }; third: number }[]>(
        `SELECT title, created_at AS at, interval '3 hours' AS pause, 1 / 3::float8 AS third
         FROM reference.stories WHERE id = $1`,
        [story.id],
      ),
    );

    expect(row).toMatchObject({ title: "Żółw “ß” \\ '", pause: { hours: 3 }, third: 1 / 3 });
    expect(Math.abs((row?.at.getTime() ?? 0) - before)).toBeLessThan(60_000);
  });

  test("a story is analysed by a job, and a subscriber follows", async () => {
    const story = await app.given.story({ text: textNamed("the pooled tower"), publish: true });

    const storyId = toGlobalId("ReferenceStory", story.id);
    const events = await app.anonymous().follow(PROGRESS, { storyId });

    expect(events.at(-1)?.at("storyAnalysisProgress.status")).toBe("READY");
  });
});

describe("a server behind a pooler that shares sessions", () => {
  let database: TestDatabase;
  let pooler: Pooler;
  beforeAll(async () => {
    database = await cloneDatabase();
    // Empty the database, so that the server must migrate the database.
    for (const schema of ["access", "instances", "reference", "platform", "jobs"])
      await database.superuser(`DROP SCHEMA ${schema} CASCADE`);
    pooler = await startPooler(database.superUrl, { startup: "refuses", sessions: 10 });
  });
  afterAll(async () => {
    endProcesses();
    await pooler.close();
    await database.drop();
  });

  const start = (direct: Readonly<Record<string, string>>) =>
    fabulaProcess("main", database, {
      DATABASE_URL: pooler.url,
      MIGRATION_DATABASE_URL: "",
      ...direct,
    });

  test("does not start without DIRECT_DATABASE_URL", async () => {
    await expect(start({})).rejects.toThrow(
      /Migrations need sessions of their own, .* set MIGRATION_DATABASE_URL or DIRECT_DATABASE_URL/,
    );
  });

  test("migrates and answers with DIRECT_DATABASE_URL", async () => {
    const server = await start({ DIRECT_DATABASE_URL: database.superUrl });

    const answer = await new GraphqlClient({ url: server.url }).query("{ stories { totalCount } }");

    expect(answer.data).toEqual({ stories: { totalCount: 0 } });
    await server.stop();
  });
});
