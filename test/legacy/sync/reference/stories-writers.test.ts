import pg from "pg";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";

let legacy: LegacyTestDatabase;
let open: pg.Client[];
beforeEach(async () => {
  legacy = await expandedDatabase();
  open = [];
  await legacy.old("INSERT INTO users (id) VALUES ('ada'), ('ben')");
});
afterEach(async () => {
  await Promise.all(open.map((client) => client.end()));
  await legacy.drop();
});

/** A connection of the old application. */
async function oldClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: legacy.superUrl });
  await client.connect();
  await client.query(`SET ROLE ${legacy.legacy.owner}`);
  open.push(client);
  return client;
}

const NEW_STORY = `INSERT INTO stories (title, category, upload_type, author_id, content, status, is_published)
  VALUES ('The Ferry', 'fiction', 'text', 'ada', 'The lamp went out.', 'published', true)`;
const ours = (columns = "id, title, visibility") =>
  legacy.superuser(`SELECT ${columns} FROM reference.stories ORDER BY id`);
const refused = () =>
  legacy.superuser("SELECT source_table, source_id, reason FROM legacy_sync.quarantine");

/** A narration that only our side has. */
const narrated = (storyId: number, userId: string) =>
  legacy.superuser(
    `BEGIN; SET LOCAL fabula.sync = 'legacy';
     INSERT INTO instances.user_story_narrations
       (user_id, reference_story_id, narrator_voice, narrator_voice_name, narrator_voice_type)
     VALUES ('${userId}', ${storyId}, 'flite:slt', 'Sally', 'ai'); COMMIT`,
  );
const listenedTo = (storyId: number, userId: string) =>
  legacy.superuser(
    `INSERT INTO instances.listening_positions (user_id, reference_story_id, position, updated_at)
     VALUES ($1, $2, 0, now())`,
    [userId, storyId],
  );

test("a deleted story goes with what belongs to it, if nobody else narrates it", async () => {
  await legacy.old(NEW_STORY);
  await narrated(1, "ada");
  await listenedTo(1, "ben");

  await legacy.old("DELETE FROM stories");

  expect(await ours()).toEqual([]);
  expect(await legacy.superuser("SELECT FROM instances.user_story_narrations")).toEqual([]);
  expect(await refused()).toEqual([]);
});

test("a deleted story or analysis reads no narrations of other stories", async () => {
  await legacy.old(NEW_STORY);
  await narrated(1, "ada");
  await legacy.old(
    "INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by) VALUES (1, 'narrative', '{}', 'ada')",
  );
  const client = await oldClient();

  await client.query("BEGIN; DELETE FROM story_analyses; DELETE FROM stories");
  const { rows } = await client.query(
    "SELECT seq_scan AS scans FROM pg_stat_xact_user_tables WHERE relname = 'user_story_narrations'",
  );
  await client.query("COMMIT");

  expect(rows).toEqual([{ scans: "0" }]);
  expect(await ours()).toEqual([]);
});

test("a deleted story that others narrate is archived, keeps its author, and does not come back", async () => {
  await legacy.old(NEW_STORY);
  await narrated(1, "ben");

  await legacy.old("DELETE FROM stories");
  const archived = await ours(
    "visibility, original_author_id AS author, content_hash <> '' AS text",
  );
  await legacy.superuser("UPDATE reference.stories SET genre = 'drama'");

  expect(archived).toEqual([{ visibility: "archived", author: "ada", text: true }]);
  expect(await legacy.superuser("SELECT user_id FROM instances.user_story_narrations")).toEqual([
    { user_id: "ben" },
  ]);
  expect(await legacy.old("SELECT FROM stories")).toEqual([]);
});

test("a deleted story that has an edition is archived", async () => {
  await legacy.old(NEW_STORY);
  await legacy.superuser(
    `INSERT INTO reference.published_narrations
       (user_id, narration_id, edition, reference_story_id, visibility, header, segment_count, published_at)
     VALUES ('ada', 1, 1, 1, 'public', '{}', 0, now())`,
  );

  await legacy.old("DELETE FROM stories");

  expect(await ours()).toEqual([{ id: 1, title: "The Ferry", visibility: "archived" }]);
});

test("an unpublished story that others narrate is archived with its text, and can be published again", async () => {
  await legacy.old(NEW_STORY);
  await narrated(1, "ben");

  await legacy.old("UPDATE stories SET is_published = false, status = 'draft', content = NULL");
  const unpublished = await ours("visibility, content_hash <> '' AS text");
  await legacy.superuser("UPDATE reference.stories SET genre = 'drama'");
  const old = await legacy.old("SELECT is_published, status, content, genre FROM stories");
  await legacy.old(
    "UPDATE stories SET is_published = true, status = 'published', content = 'New.'",
  );

  expect(unpublished).toEqual([{ visibility: "archived", text: true }]);
  expect(old).toMatchObject([{ is_published: false, status: "draft", genre: "drama" }]);
  expect(await ours("visibility")).toEqual([{ visibility: "public" }]);
});

test("an unpublished story that only its author narrates is a draft again", async () => {
  await legacy.old(NEW_STORY);
  await narrated(1, "ada");

  await legacy.old("UPDATE stories SET is_published = false");

  expect(await ours()).toEqual([{ id: 1, title: "The Ferry", visibility: "draft" }]);
});

test("TRUNCATE deletes every story by the rules of DELETE", async () => {
  await legacy.old(NEW_STORY);
  await legacy.old(NEW_STORY);
  await narrated(2, "ben");

  await legacy.old("TRUNCATE stories CASCADE");

  expect(await ours()).toEqual([{ id: 2, title: "The Ferry", visibility: "archived" }]);
  expect(await refused()).toEqual([]);
});

test("a changed id moves the story", async () => {
  await legacy.old(NEW_STORY);

  await legacy.old("UPDATE stories SET id = 70");

  expect(await ours()).toEqual([{ id: 70, title: "The Ferry", visibility: "public" }]);
});

test("COPY, ON CONFLICT and an undone transaction of the old application are followed", async () => {
  const client = await oldClient();
  await legacy.superuser(
    `COPY public.stories (title, category, upload_type) FROM PROGRAM
     'printf "Copied 1\\tfiction\\ttext\\nCopied 2\\tfiction\\ttext\\n"'`,
  );
  await client.query(
    `INSERT INTO stories (id, title, category, upload_type) VALUES (2, 'Again', 'fiction', 'text')
     ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title`,
  );
  await client.query("BEGIN");
  await client.query("DELETE FROM stories WHERE id = 1");
  await client.query("UPDATE stories SET title = 'Undone'");
  await client.query("ROLLBACK");

  expect(await ours("id, title")).toEqual([
    { id: 1, title: "Copied 1" },
    { id: 2, title: "Again" },
  ]);
});

test.each(["REPEATABLE READ", "SERIALIZABLE"])(
  "transactions of the old application in %s are followed, also two at a time",
  async (level) => {
    const [one, two] = [await oldClient(), await oldClient()];
    for (const client of [one, two]) await client.query(`BEGIN ISOLATION LEVEL ${level}`);

    await one.query(NEW_STORY);
    await two.query(NEW_STORY.replace("The lamp", "Another lamp"));
    await one.query("COMMIT");
    await two.query("COMMIT");

    expect(await ours("title")).toEqual([{ title: "The Ferry" }, { title: "The Ferry" }]);
    expect(await refused()).toEqual([]);
  },
);

test("a row that an old transaction cannot see is quarantined, and repaired later", async () => {
  await legacy.superuser("ALTER TABLE stories DISABLE TRIGGER USER");
  await legacy.old(NEW_STORY);
  await legacy.superuser("ALTER TABLE stories ENABLE TRIGGER USER");
  const client = await oldClient();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await client.query("SELECT FROM stories");

  await legacy.superuser("SELECT legacy_sync.backfill_stories(NULL, 10)");
  await client.query("UPDATE stories SET title = 'Later'");
  await client.query("COMMIT");
  const quarantined = await refused();
  await legacy.superuser("SELECT legacy_sync.repair_stories('1')");

  expect(quarantined).toEqual([{ source_table: "stories", source_id: "1", reason: "busy" }]);
  expect(await ours("title")).toEqual([{ title: "Later" }]);
  expect(await refused()).toEqual([]);
});

test("our change waits for the old application at most 50 ms, and then fails as contention", async () => {
  await legacy.old(NEW_STORY);
  const client = await oldClient();
  await client.query("BEGIN");
  await client.query("SELECT FROM stories FOR UPDATE");

  await expect(
    legacy.superuser("UPDATE reference.stories SET genre = 'drama'"),
  ).rejects.toMatchObject({ code: "55P03" });

  await client.query("ROLLBACK");
  expect(await ours("genre")).toEqual([{ genre: null }]);
});

test("a row that is deleted while the backfill reads its page does not come back", async () => {
  await legacy.superuser("ALTER TABLE stories DISABLE TRIGGER USER");
  await legacy.old(NEW_STORY);
  await legacy.superuser("ALTER TABLE stories ENABLE TRIGGER USER");
  const client = await oldClient();
  await client.query("RESET ROLE; BEGIN");
  await client.query("SELECT legacy_sync.backfill_stories(NULL, 10)");

  const deleted = legacy.old("DELETE FROM stories");
  await client.query("COMMIT");
  await deleted;

  expect(await ours()).toEqual([]);
});
