import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { catalogueOf } from "../../database/catalogue.js";
import { testApp } from "../../support/app.js";
import { golden } from "../../support/golden.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
let commands: Commands;
beforeEach(async () => {
  legacy = await expandedDatabase();
  commands = commandsOf(legacy);
});
afterEach(async () => {
  process.exitCode = 0;
  await legacy.drop();
});

interface Contracted {
  readonly isDone: boolean;
  readonly obstacles: readonly { readonly what: string }[];
}

const contract = (...words: string[]) =>
  commands.json<Contracted>("contract", "--quiet-seconds", "0", ...words);
const obstaclesOf = async (...words: string[]) =>
  (await contract("--dry-run", ...words)).obstacles.map(({ what }) => what);

async function migrated(): Promise<void> {
  await commands.json("backfill");
  await commands.json("verify", "--shadow-reads", "0");
}

async function legacyObjects(): Promise<unknown[]> {
  return legacy.superuser(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname = 'legacy_sync'
     UNION ALL SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
  );
}

test("contract leaves our schemas as in a fresh install, with all rows and higher ids", async () => {
  await givenStories(legacy, { users: ["u1", "u2"], stories: 7 });
  await oldNarration(legacy, { user: "u2", id: 40, segments: [{ text: "The river rose." }] });
  await legacy.old("SELECT setval('story_narrations_id_seq', 41)");
  await migrated();

  const { isDone, obstacles } = await contract();

  expect({ isDone, obstacles }).toEqual({ isDone: true, obstacles: [] });
  expect(await legacyObjects()).toEqual([]);
  const catalogue = await catalogueOf(legacy);
  expect(catalogue).toBe(golden("catalogue.txt", catalogue));
  const app = await testApp({ database: legacy });
  try {
    const story = await app.given.story({ author: "u1", analyse: true });
    const narration = await app.given.narration({ owner: "u2", story });
    expect([story.id, narration.id]).toEqual([8, "42"]);
  } finally {
    await app.close();
  }
});

test("contract refuses before a verification, and after a later write of the old application", async () => {
  const atFirst = await obstaclesOf();
  await commands.json("backfill");
  const unverified = await obstaclesOf();
  await commands.json("verify", "--shadow-reads", "0");
  const verified = await obstaclesOf();
  await legacy.old("INSERT INTO users (id) VALUES ('late')");
  const later = await contract();

  expect([atFirst, unverified, verified]).toEqual([
    ["The backfill is not complete."],
    ["No verification has found both models equal."],
    [],
  ]);
  expect(later).toMatchObject({
    isDone: false,
    obstacles: [{ what: "The old application has written once since the verification." }],
  });
  expect((await legacyObjects()).length).toBe(10);
});

test("contract lists everything that the database has of its own", async () => {
  await legacy.old("ALTER TABLE users ADD nickname text");
  await legacy.old("CREATE VIEW authors AS SELECT id FROM users");
  await legacy.old("CREATE TABLE favourites (story_id integer REFERENCES stories)");
  await legacy.old(
    `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`,
  );
  await legacy.old(
    "CREATE TRIGGER touched BEFORE UPDATE ON stories FOR EACH ROW EXECUTE FUNCTION touch()",
  );
  await legacy.old("CREATE TABLE numbers (n integer DEFAULT nextval('stories_id_seq'))");
  await migrated();

  const { isDone, obstacles } = await contract();

  expect(isDone).toBe(false);
  expect(obstacles.map(({ what }) => what)).toEqual([
    "The database has a column of its own: users.nickname.",
    "The database has a default of its own: public.numbers counts with the sequence of stories.",
    "The database has a foreign key of its own: favourites_story_id_fkey of public.favourites to stories.",
    "The database has a trigger of its own: touched on stories.",
    "The database has a view of its own: public.authors on users.",
  ]);
});

test("contract refuses while the tables are in use", async () => {
  await migrated();
  const other = new pg.Client({ connectionString: legacy.superUrl, application_name: "reports" });
  await other.connect();
  await other.query("BEGIN; SELECT * FROM public.users");

  const obstacles = await obstaclesOf();
  await other.query("ROLLBACK");
  await other.end();

  expect(obstacles).toEqual([
    expect.stringMatching(/^The session \d+ \(reports\) uses the legacy tables\.$/),
  ]);
});

test("contract sees an idle session of a login that may read a legacy table", async () => {
  await migrated();
  await legacy.superuser("CREATE ROLE legacy_reader LOGIN PASSWORD 'reader'");
  const url = new URL(legacy.superUrl);
  url.username = "legacy_reader";
  url.password = "reader";
  const idle = new pg.Client({ connectionString: url.href, application_name: "reports" });
  await idle.connect();

  try {
    const before = await obstaclesOf();
    await legacy.superuser("GRANT SELECT ON public.stories TO legacy_reader");

    expect(before).toEqual([]);
    expect(await obstaclesOf()).toEqual([
      expect.stringMatching(/^The session \d+ \(reports\) uses the legacy tables\.$/),
    ]);
  } finally {
    await idle.end();
    await legacy.superuser("DROP OWNED BY legacy_reader; DROP ROLE legacy_reader");
  }
});

test("legacy rows in quarantine must be saved or decided", async () => {
  await givenStories(legacy, { users: ["u1"], stories: 1 });
  await oldNarration(legacy, { user: "nobody", id: 5 });
  await migrated();
  const root = mkdtempSync(join(tmpdir(), "fabula-contract-"));
  const folder = join(root, "saved");

  try {
    const refused = await contract();
    const done = await contract("--export", folder);

    expect(refused.obstacles).toMatchObject([{ what: "The quarantine has 1 row." }]);
    expect(done).toMatchObject({ isDone: true, savedRows: 1 });
    const [line = ""] = readFileSync(join(folder, "story_narrations.jsonl"), "utf8").split("\n");
    expect(JSON.parse(line)).toMatchObject({
      reason: "no_user",
      row: { id: 5, user_id: "nobody" },
    });
    expect(existsSync(join(folder, "users.jsonl"))).toBe(false);
  } finally {
    rmSync(root, { recursive: true });
  }
});
