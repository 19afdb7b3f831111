import { seededRandom } from "../../../bench/recordings/seeded-random.js";
import type { GraphQLServices } from "../../../src/graphql/context.js";
import { NarrationVisibility, ownerOf } from "../../../src/instances/index.js";
import { OldApplication } from "../../../src/legacy/demo/old-application.js";
import { readShadows } from "../../../src/legacy/verify/shadow/shadow-reads.js";
import { type TestApp, testApp } from "../../support/app.js";
import { type Commands, commandsOf, ourServices } from "../command-context.js";
import { LEGACY_OWNER, type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
let app: TestApp;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  app = await testApp({ database: legacy });
  migrate = commandsOf(legacy, () => Promise.resolve(ourServices(app)));
});
afterEach(async () => {
  process.exitCode = 0;
  await app.close();
  await legacy.drop();
});

const read = async (size = 50, services: GraphQLServices = app.services) =>
  readShadows(legacy.operator, { size, seed: "of the test", services });
const differencesIn = (reports: Awaited<ReturnType<typeof read>>) =>
  reports.flatMap(({ pair, differences }) =>
    differences.map(({ key, columns }) => ({ pair, key, columns })),
  );

/** Two users, a public story, a draft, and a narration of each user. */
async function givenMigrated(): Promise<void> {
  await givenStories(legacy, { users: ["u1", "u2"], stories: 1 });
  await legacy.old(
    `INSERT INTO stories (title, content, category, upload_type, author_id)
     VALUES ('Draft', 'Nobody knows.', 'tale', 'text', 'u1')`,
  );
  for (const user of ["u1", "u2"]) {
    await oldNarration(legacy, { user, segments: [{ text: "The river rose.", emotion: "joy" }] });
  }
  await migrate.text("expand");
  await migrate.text("backfill");
}

/** Changes our rows, and nothing of the old application. */
const ours = (sql: string) =>
  legacy.superuser(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);

test("the API answers as the rows of a generated database say, in another time zone", async () => {
  await legacy.generate({ seed: "7", narrations: 2_000 });
  await migrate.text("expand", "--legacy-time-zone", "Europe/Berlin");
  await migrate.text("backfill");

  const reports = await read(200);

  expect(differencesIn(reports)).toEqual([]);
  expect(reports.map(({ pair, rows }) => [pair, rows])).toEqual([
    ["users", 200],
    ["stories", 200],
    ["narrations", 200],
  ]);
  // The generated narrations of unknown users are in quarantine.
  expect(reports[2]?.hidden).toBeGreaterThan(0);
});

test("rows that the API cannot name are left out", async () => {
  await legacy.old(
    `INSERT INTO users (id) VALUES (''), ('u1');
     INSERT INTO stories (id, title, category, upload_type) VALUES (-5, 'Below zero', 'tale', 'text')`,
  );
  await migrate.text("expand");
  await migrate.text("backfill");

  const reports = await read();

  expect(reports.map(({ pair, rows }) => [pair, rows])).toEqual([
    ["users", 1],
    ["stories", 0],
    ["narrations", 0],
  ]);
  expect(differencesIn(reports)).toEqual([]);
});

test("the sample is spread over all keys, and the same seed takes the same rows", async () => {
  await givenStories(legacy, { users: ["u1"], stories: 500 });
  await migrate.text("expand");
  await migrate.text("backfill");
  const sample = async (seed: string) => {
    const rows = await legacy.superuser<{ key: string }>(
      "SELECT legacy_sync.sample_of_stories($1, 20) AS key",
      [seed],
    );
    return rows.map(({ key }) => Number(key));
  };

  const [one, same, other] = [await sample("a"), await sample("a"), await sample("b")];

  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  expect(Math.min(...one)).toBeLessThan(100);
  expect(Math.max(...one)).toBeGreaterThan(400);
});

test.each([
  ["a title", "UPDATE reference.stories SET title = 'Wrong' WHERE id = 1", "title"],
  [
    "a text",
    "UPDATE reference.story_texts t SET content = 'Wrong.' FROM reference.stories s WHERE s.id = 1 AND t.content_hash = s.content_hash",
    "without a token: content",
  ],
  ["a language", "UPDATE reference.stories SET language = 'fr' WHERE id = 1", "language"],
  [
    "a time",
    "UPDATE reference.stories SET created_at = created_at - interval '1 hour' WHERE id = 1",
    "createdAt",
  ],
  [
    "a draft that everybody sees",
    "UPDATE reference.stories SET visibility = 'public', published_at = now() WHERE id = 2",
    "as another person",
  ],
  [
    "a public story that nobody sees",
    "UPDATE reference.stories SET visibility = 'draft', published_at = NULL WHERE id = 1",
    "without a token: the answer",
  ],
  [
    "a voice",
    "UPDATE instances.user_story_narrations SET narrator_voice = 'openai:nova' WHERE id = 1",
    "narratorVoice",
  ],
  [
    "an emotion",
    "UPDATE instances.user_narration_segments SET emotion = 'fear' WHERE narration_id = 1",
    "segment 0",
  ],
  [
    "a lost segment",
    "DELETE FROM instances.user_narration_segments WHERE narration_id = 1",
    "segment 0",
  ],
  [
    "a name",
    "UPDATE platform.users SET display_name = 'Wrong' WHERE id = 'u1'",
    "customDisplayName",
  ],
  ["a locked user", "UPDATE platform.users SET is_active = false WHERE id = 'u1'", "may read"],
  [
    "a narration of somebody else",
    "UPDATE instances.user_story_narrations SET user_id = 'u2' WHERE id = 1",
    "narrations",
  ],
] as const)("%s is noticed", async (_what, sql, column) => {
  await givenMigrated();
  const before = differencesIn(await read());

  await ours(sql);
  const found = differencesIn(await read());

  expect(before).toEqual([]);
  const columns = found.flatMap((each) => Object.keys(each.columns));
  expect(columns).toContain(column);
});

test("a private narration that others can read is noticed, and a published one is none", async () => {
  await givenMigrated();
  const owner = ownerOf("u2");
  const [row] = await app.database.read({ viewer: "u2" }, (tx) =>
    tx.query<{ id: string; version: number }[]>(
      "SELECT id, version FROM instances.user_story_narrations WHERE user_id = 'u2'",
    ),
  );
  const narration = { id: row?.id ?? "", version: row?.version ?? 0 };
  await app.services.publishing.publish(owner, narration, NarrationVisibility.Public);
  const published = differencesIn(await read());

  await ours("UPDATE instances.user_story_narrations SET visibility = 'private'");

  expect(published).toEqual([]);
  expect(differencesIn(await read())).toMatchObject([
    {
      ...{ pair: "narrations", key: narration.id },
      columns: { "without a token": { expected: '"nothing"' } },
    },
  ]);
});

test("a row that the old application changes between the reads is read again", async () => {
  await givenMigrated();
  let writes = 0;
  const database = Object.assign(
    Object.create(app.services.database) as GraphQLServices["database"],
    {
      beginRead: async (...about: Parameters<GraphQLServices["database"]["beginRead"]>) => {
        if (writes < 3) {
          writes += 1;
          await legacy.old("UPDATE users SET display_name = $1", [`Name ${writes}`]);
        }
        return app.services.database.beginRead(...about);
      },
    },
  );

  const reports = await read(50, { ...app.services, database });

  expect(differencesIn(reports)).toEqual([]);
  expect(writes).toBe(3);
});

test("while the old application writes, no answer differs", async () => {
  await legacy.generate({ seed: "8", narrations: 500 });
  await migrate.text("expand");
  await migrate.text("backfill");
  const old = new OldApplication({
    ...{ url: legacy.superUrl, role: LEGACY_OWNER, random: seededRandom(9) },
    ...{ writers: 4, statementsPerSecond: 200 },
  });
  old.start();

  const reports = [...(await read(60)), ...(await read(60))];
  const { failures } = await old.stop();

  expect(differencesIn(reports)).toEqual([]);
  expect(failures).toEqual([]);
});

test("a deactivated person is not the one who reads the rows of others", async () => {
  await givenMigrated();
  await legacy.old("UPDATE users SET is_active = false");

  const reports = await read();

  expect(differencesIn(reports)).toEqual([]);
  await ours(
    "UPDATE reference.stories SET visibility = 'public', published_at = now() WHERE id = 2",
  );
  expect(differencesIn(await read())).toMatchObject([
    { key: "2", columns: { "as another person": { expected: '"nothing"' } } },
  ]);
});

test("verify names what the API answers differently, and fails", async () => {
  await givenMigrated();
  const equal = await migrate.text("verify", "--shadow-seed", "a seed");
  const exitCode = process.exitCode;
  await ours("UPDATE reference.stories SET title = 'Wrong' WHERE id = 1");

  const lines = (await migrate.text("verify", "--shadow-reads", "3")).split("\n");
  const report = await migrate.json<{ isEqual: boolean; shadowReads: object[] }>("verify");

  expect(equal.split("\n").slice(-6)).toEqual([
    "Through the API, with --shadow-seed a seed:",
    "users          2 read: 2 same",
    "stories        2 read: 2 same",
    "narrations     2 read: 2 same",
    "",
    "Nothing differs. Next: stop the old application, then npm run migrate -- contract",
  ]);
  expect(exitCode).toBeFalsy();
  expect(lines.find((line) => line.startsWith("  1 different: title"))).toContain(
    'title is "Wrong", not "Story 1"',
  );
  expect(lines).toContain("stories        2 read: 1 same, 1 different");
  expect(process.exitCode).toBe(1);
  expect(report).toMatchObject({
    isEqual: false,
    shadowReads: [{ differences: [] }, { differences: [{ key: "1" }] }, { differences: [] }],
  });
});
