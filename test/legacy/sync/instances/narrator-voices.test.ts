import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";
import { oldNarration } from "../../legacy-rows.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

/** The old application adds a story by ada that is told in its own narrator voice. */
const told = (content = "One.\n\n \nTwo.", author: string | null = "ada", voice = "nova") =>
  legacy.old(
    `INSERT INTO stories (title, category, upload_type, author_id, content, narrator_voice, narrator_voice_type)
     VALUES ('The Ferry', 'fiction', 'text', $2, $1, $3, 'ai')`,
    [content, author, voice],
  );
const users = () => legacy.old("INSERT INTO users (id) VALUES ('ada'), ('ben')");
const narrations = () =>
  legacy.superuser<{ id: string }>(
    `SELECT n.id, n.user_id AS owner, n.reference_story_id AS story, n.narrator_voice AS voice, n.status,
       ARRAY(SELECT s.text FROM instances.user_narration_segments s
         WHERE s.user_id = n.user_id AND s.narration_id = n.id ORDER BY s.position) AS script
     FROM instances.user_story_narrations n ORDER BY n.reference_story_id, n.id`,
  );
const derived = () =>
  legacy.superuser(
    "SELECT source_id AS story, target_id AS id FROM legacy_sync.id_map WHERE kind = 'derived' ORDER BY 1",
  );
const refused = () => legacy.superuser("SELECT * FROM legacy_sync.quarantine");

const DERIVED = {
  owner: "ada",
  story: 1,
  voice: "openai:nova",
  status: "draft",
  script: ["One.", "Two."],
};

test("a story's own narrator voice becomes its author's narration, with a script of its paragraphs", async () => {
  await legacy.expand();
  await users();

  await told();
  await told("One.", null);
  await told("One.", "ada", " ");

  const made = await narrations();
  expect(made).toMatchObject([DERIVED]);
  expect(await derived()).toEqual([{ story: "1", id: made[0]?.id }]);
  expect(await legacy.superuser("SELECT FROM platform.pending_scripts")).toEqual([]);
  expect(await legacy.old("SELECT FROM story_narrations")).toEqual([]);
  expect(await refused()).toEqual([]);
});

test("a long paragraph is cut between words", async () => {
  await legacy.expand();
  await users();

  await told(`${"word ".repeat(800)}\n\n${"x".repeat(1950)}`);

  const [{ lengths } = { lengths: [] }] = await legacy.superuser<{ lengths: number[] }>(
    "SELECT array_agg(length(text) ORDER BY position) AS lengths FROM instances.user_narration_segments",
  );
  expect(lengths).toEqual([1899, 1899, 199, 1900, 50]);
});

test("an author who has a narration of the story gets no other one", async () => {
  await legacy.expand();
  await users();
  await told();

  const id = await oldNarration(legacy, { user: "ada", segments: [{ text: "Mine." }] });
  const replaced = await narrations();
  await oldNarration(legacy, { user: "ben" });
  await legacy.old("UPDATE stories SET content = 'Three.'");

  expect(replaced).toMatchObject([{ id: String(id), owner: "ada", script: ["Mine."] }]);
  expect((await narrations()).map((each) => "owner" in each && each.owner)).toEqual(["ada", "ben"]);
  expect(await derived()).toEqual([]);
});

test("the narration follows the voice, the text and the author, while nobody has used it", async () => {
  await legacy.expand();
  await users();
  await told();
  const [first] = await narrations();

  await legacy.old("UPDATE stories SET narrator_voice = 'alloy', content = 'Three.'");
  const changed = await narrations();
  await legacy.old("UPDATE stories SET author_id = 'ben'");
  const moved = await narrations();
  await legacy.superuser("UPDATE instances.user_story_narrations SET version = 2, title = 'Mine'");
  await legacy.old("UPDATE stories SET narrator_voice = NULL");

  expect(changed).toMatchObject([
    { ...DERIVED, id: first?.id, voice: "openai:alloy", script: ["Three."] },
  ]);
  expect(moved).toMatchObject([{ owner: "ben", script: ["Three."] }]);
  expect(await narrations()).toEqual(moved);
  expect(await refused()).toEqual([]);
});

test("a changed narration becomes a narration of the old application, and a deleted one does not come back", async () => {
  await legacy.expand();
  await users();
  await told();
  await told("Four.");

  await legacy.superuser(
    "UPDATE instances.user_story_narrations SET version = 2 WHERE reference_story_id = 1",
  );
  await legacy.superuser(
    "DELETE FROM instances.user_story_narrations WHERE reference_story_id = 2",
  );
  await legacy.superuser("SELECT legacy_sync.repair_stories(id::text) FROM public.stories");

  expect(await narrations()).toMatchObject([DERIVED]);
  expect(
    await legacy.old(
      "SELECT story_id, user_id, narrator_voice AS voice, segments FROM story_narrations",
    ),
  ).toEqual([
    { story_id: 1, user_id: "ada", voice: "nova", segments: [{ text: "One." }, { text: "Two." }] },
  ]);
});

test("a deleted story takes the narration along, and a story without voice has none", async () => {
  await legacy.expand();
  await users();
  await told();
  await told();

  await legacy.old("DELETE FROM stories WHERE id = 1");
  await legacy.old("UPDATE stories SET narrator_voice = NULL");

  expect(await narrations()).toEqual([]);
  expect(await derived()).toEqual([]);
});

test("the backfill makes the same narrations, with the same ids after each stop", async () => {
  await users();
  for (const content of ["A.", "B.", "C."]) await told(content);
  await oldNarration(legacy, { story: 2, user: "ada" });
  await legacy.expand();
  await legacy.superuser("SELECT legacy_sync.backfill_users(NULL, 10)");
  const backfill = "SELECT * FROM legacy_sync.backfill_stories(NULL, 10)";

  await legacy.superuser(`BEGIN; ${backfill}; ROLLBACK`);
  const first = await legacy.superuser(backfill);
  const second = await legacy.superuser(backfill);
  await oldNarration(legacy, { story: 2, user: "ben" });

  expect([first, second]).toEqual([
    [{ last_key: "3", taken: 3, written: 3 }],
    [{ last_key: "3", taken: 3, written: 0 }],
  ]);
  const made = await narrations();
  expect(made).toMatchObject([
    { story: 1, script: ["A."] },
    { story: 2 },
    { story: 3, script: ["C."] },
  ]);
  expect(Number(made[2]?.id) - Number(made[0]?.id)).toBe(2);
  expect(Number(made[1]?.id)).toBe(Number(made[2]?.id) + 1);
});
