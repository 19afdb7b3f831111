import pg from "pg";
import { connect } from "../../../src/legacy/connection.js";
import { ODDITIES } from "../../../src/legacy/plan/oddities.js";
import type { Plan } from "../../../src/legacy/plan/plan.js";
import { ensureRoles } from "../../../src/platform/database/start/roles.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  migrate = commandsOf(legacy);
});
afterEach(() => legacy.drop());

const planned = () => migrate.json<Plan>("plan");

/** The oddities that the plan finds, as `table: name` with the number of rows. */
const oddities = async () =>
  Object.fromEntries(
    ((await planned()).oddities ?? []).map(({ table, name, rows }) => [`${table}: ${name}`, rows]),
  );

test("a plan counts the rows and names each phase, its locks, the disk and the time", async () => {
  await legacy.old("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 3) n");

  const plan = await migrate.text("plan");

  expect(plan).toContain("The legacy tables of legacy_app. Nothing was changed.");
  expect(plan).toMatch(/users +3 rows, \d+\.\d MB/);
  expect(plan).toContain("Oddities: none");
  expect(plan).toContain("Objects of this database's own: none");
  expect(plan).toContain("has all rights that it needs");
  expect(plan).toMatch(/expand +creates our schemas[^]*Locks: SHARE ROW EXCLUSIVE/);
  expect(plan).toMatch(/Disk: about \d+\.\d MB for our tables/);
  expect(plan).toMatch(/Backfill: about \d+ s at the present speed/);
  expect(plan).toContain("Next: npm run migrate -- expand");
});

test("a plan changes nothing", async () => {
  await legacy.generate({ seed: "plan", narrations: 50 });
  const state = () =>
    legacy.superuser("SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc)");
  const before = await state();

  await migrate.text("plan");

  expect(await state()).toEqual(before);
  await expect(legacy.operator.query("SELECT txid_current_if_assigned() AS id")).resolves.toEqual(
    expect.objectContaining({ rows: [{ id: null }] }),
  );
});

test("the plan finds every known oddity, and gives up to three examples of each", async () => {
  await legacy.generate({ seed: "plan", narrations: 1_000 });
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type) VALUES ('empty', 't', 'text');
     INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url)
     VALUES ('user-1', 'emotion', 'sad', '/1.webm'), ('user-1', 'emotion', ' Sad', '/2.webm');
     INSERT INTO user_voice_profiles (user_id, profile_name) VALUES ('user-1', 'A'), ('user-1', 'B');
     INSERT INTO audio_files (file_name, audio_data, file_size) VALUES ('a.mp3', 'no base64!', 8)`,
  );

  const found = (await planned()).oddities ?? [];

  expect(found.map(({ table, name }) => `${table}: ${name}`)).toEqual(
    expect.arrayContaining(ODDITIES.map(({ table, name }) => `${table}: ${name}`)),
  );
  for (const { rows, examples } of found) expect(examples).toHaveLength(Math.min(3, rows));
  expect(await migrate.text("plan")).toMatch(
    /stories: \d+ × without an author \(\d+, \d+, \d+, …\): is kept without an author/,
  );
});

test("the three columns that say published are compared as the migration reads them", async () => {
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, content, status, is_published, is_public, published_at)
     VALUES ('sound', 't', 'text', 'Words.', 'published', true, true, now()),
       ('draft', 't', 'text', 'Words.', ' Draft', true, true, now()),
       ('blank', 't', 'text', E' \\n', 'published', true, true, now()),
       ('hidden', 't', 'text', 'Words.', 'published', false, false, NULL),
       ('archived', 't', 'text', 'Words.', 'archived', false, true, NULL)`,
  );

  expect(await oddities()).toEqual({
    "stories: published, but a draft or without text": 2,
    "stories: not published, but said to be published or public": 1,
    "stories: without an author": 5,
    "stories: without text and summary": 1,
  });
});

test("a plan counts the sound, and what is odd about its files and links", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");
  await legacy.old(
    `INSERT INTO audio_files (file_name, audio_data, file_size) VALUES ('1', 'QUFB', 3), ('2', 'QUFB', 9),
       ('3', 'data:audio/mpeg;base64,QUFB', 20), ('4', '<no sound>', 8)`,
  );
  await legacy.old(
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url)
     VALUES ('u1', 'emotion', 'sad', ' audio://1'), ('u1', 'emotion', 'sad', 'audio://77'), ('u1', 'emotion', 'sad', '/audio://2')`,
  );
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, author_id, original_audio_url) VALUES ('A', 't', 'text', 'u1', 'audio://2');
     INSERT INTO story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     SELECT 1, 'u1', 'alloy', 'ai', to_jsonb('[{"text": "audio://88", "audioUrl": "audio://99"}]'::text), 0`,
  );

  const { sounds } = await planned();

  expect(sounds).toMatchObject({
    ...{ files: 4, unreferenced: 2, undecodable: 1, dangling: 2, wrongSizes: 1 },
  });
  expect(await migrate.text("plan")).toMatch(
    /Sound: 4 files, about \d+ bytes\. backfill --audio makes 2 blobs, about 6 bytes, in about 1 s\./,
  );
});

test("objects of the database's own are listed, whoever owns them", async () => {
  await legacy.superuser(
    `ALTER TABLE stories ADD COLUMN mascot text;
     CREATE TABLE public.likes (story_id integer CONSTRAINT likes_story REFERENCES stories (id));
     CREATE SCHEMA reports;
     CREATE VIEW reports.titles AS SELECT title FROM stories;
     CREATE FUNCTION public.shout() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER loud AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION public.shout()`,
  );
  await migrate.text("expand");

  const { ownObjects, bystanders } = await planned();

  expect(ownObjects).toEqual([
    { kind: "column", name: "stories.mascot" },
    { kind: "foreign key", name: "likes_story of public.likes to stories" },
    { kind: "trigger", name: "loud on users" },
    { kind: "view", name: "reports.titles on stories" },
  ]);
  expect(bystanders).toEqual(["function public.shout()", "table public.likes"]);
  expect(await migrate.text("plan")).toContain("contract refuses until they are gone");
});

test("a login without rights gets the statements to run, and with them it can expand", async () => {
  const login = `planner_${legacy.name.slice(-10)}`;
  await legacy.superuser(`CREATE ROLE ${login} LOGIN PASSWORD 'secret' NOSUPERUSER`);
  const url = new URL(legacy.superUrl);
  url.username = login;
  url.password = "secret";
  const client = await connect(url.href);
  const modest = commandsOf({ operator: client, superUrl: url.href });

  const plan = await modest.json<Plan>("plan");
  const read = await modest.text("plan");
  const refusal = await modest.text("expand").catch((error: unknown) => error);
  const sayings = [...modest.said];
  for (const statement of plan.rights.missing) await legacy.superuser(statement);
  const second = await modest.json<Plan>("plan");
  const expanded = await modest.text("expand");

  expect(plan.oddities).toBeNull();
  expect(plan.rights.missing).toContain(`GRANT "legacy_app" TO "${login}";`);
  expect(read).toMatch(/stories +rows not counted, /);
  expect(read).toContain("Backfill: no estimate");
  expect(read).toContain("Next: grant the rights above");
  for (const statement of plan.rights.missing) expect(String(refusal)).toContain(statement);
  expect(sayings).toEqual([]);
  expect(second.rights.missing).toEqual([]);
  expect(expanded).toContain("Both models are in step");
  await modest.text("backfill");
  expect(await modest.text("status")).toContain("Phase: backfilled");
  await modest.text("rollback");
  await client.end();
  await legacy.superuser(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
});

test("a login that can make roles gets only what it cannot do itself, and with that it can expand", async () => {
  const login = `maker_${legacy.name.slice(-10)}`;
  await legacy.superuser(
    `CREATE ROLE ${login} LOGIN PASSWORD 'secret' NOSUPERUSER CREATEROLE;
     ALTER DATABASE "${legacy.name}" OWNER TO CURRENT_USER;
     GRANT CREATE ON DATABASE "${legacy.name}" TO ${login};
     GRANT legacy_app, fabula_owner, fabula_app, fabula_worker, fabula_queue TO ${login};
     DO $$ BEGIN CREATE ROLE fabula_legacy NOLOGIN;
     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
     -- What PostgreSQL gives to the maker of a role.
     GRANT fabula_legacy TO ${login} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
  );
  const url = new URL(legacy.superUrl);
  url.username = login;
  url.password = "secret";
  const client = await connect(url.href);
  const maker = commandsOf({ operator: client, superUrl: url.href });

  const { missing } = (await maker.json<Plan>("plan")).rights;
  const refused = await ensureRoles(client).catch((error: unknown) => error);
  for (const statement of missing) await legacy.superuser(statement);
  await ensureRoles(client);
  const expanded = await maker.text("expand");

  expect(missing).toEqual([`GRANT CREATE ON DATABASE "${legacy.name}" TO fabula_owner;`]);
  expect(String(refused)).toContain(missing[0]);
  expect(expanded).toContain("Both models are in step");
  await maker.text("rollback");
  await client.end();
  await legacy.superuser(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
});

test("a plan names transactions that began long ago only when they are old", async () => {
  const reader = new pg.Client({ connectionString: legacy.superUrl });
  await reader.connect();
  await reader.query("BEGIN; SELECT FROM users");

  expect((await planned()).oldTransactions).toEqual([]);
  await reader.end();
});

test("a plan of a database without legacy tables is refused", async () => {
  await legacy.superuser("ALTER TABLE public.stories RENAME TO tales");

  await expect(migrate.text("plan")).rejects.toThrow("This is no legacy database");
});
