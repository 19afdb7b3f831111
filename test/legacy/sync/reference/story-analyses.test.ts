import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const DATA = {
  characters: [
    {
      name: " Mara ",
      description: "A ferrywoman.",
      personality: "calm",
      role: "Lead",
      traits: ["brave", "old"],
    },
    { name: "Teo", role: "narrator", gender: "Man", age: "elderly" },
    { role: "nobody" },
    "Ann",
  ],
  emotions: [{ emotion: "Fear", intensity: 8, quote: "rise" }],
  ...{ summary: "A night. ", themes: ["loss"], moodCategory: "Eerie", genre: "mystery" },
};

const givenStories = async (texts: readonly (string | null)[] = ["The river rose."]) => {
  await legacy.old("INSERT INTO users (id) VALUES ('ada')");
  for (const content of texts) {
    await legacy.old(
      `INSERT INTO stories (title, category, upload_type, author_id, content, is_published, status, language)
       VALUES ('The Ferry', 'fiction', 'text', 'ada', $1, true, 'published', 'en')`,
      [content],
    );
  }
};

interface OldAnalysis {
  readonly story?: number;
  readonly type?: string;
  readonly data?: unknown;
  /** The text that was analysed. Default: the hash is null, as on old rows. */
  readonly of?: string;
  readonly updated?: string;
}
const oldAnalysis = ({ story = 1, type = "narrative", data = {}, of, updated }: OldAnalysis = {}) =>
  legacy.old(
    `INSERT INTO story_analyses (story_id, analysis_type, analysis_data, content_hash, generated_by, updated_at)
     VALUES ($1, $2, $3, encode(sha256(convert_to($4, 'UTF8')), 'hex'), 'ada', coalesce($5, '2024-01-01')::timestamp)`,
    [story, type, JSON.stringify(data), of, updated],
  );

const ours = (columns = "a.id, a.summary, t.content AS text") =>
  legacy.superuser(
    `SELECT ${columns} FROM reference.story_analyses a JOIN reference.story_texts t USING (content_hash) ORDER BY a.id`,
  );
const moved = () =>
  legacy.superuser(
    `SELECT source_table AS "from", source_id AS id, target_id AS into, kind FROM legacy_sync.id_map
     WHERE target_table = 'reference.story_analyses' ORDER BY 1, 2`,
  );
const refused = () =>
  legacy.superuser("SELECT source_id AS id, reason FROM legacy_sync.quarantine ORDER BY 1");

test("an analysis of the old application is an analysis of the story's text, with all its data", async () => {
  await legacy.expand();
  await givenStories();

  await oldAnalysis({ data: DATA, updated: "2024-05-01" });

  expect(
    await ours(
      `a.id, t.content AS text, a.language, a.analysis_type AS type, a.analyzer_id AS analyser, a.schema_version AS schema,
       a.rank, a.status, a.summary, a.mood, a.characters, a.segment_count AS segments, a.degraded, a.completed_at AS at,
       a.legacy_data->'analysis_data' AS data, a.legacy_data->>'generated_by' AS by`,
    ),
  ).toEqual([
    {
      ...{
        id: 1,
        text: "The river rose.",
        language: "en",
        type: "narrative",
        analyser: "legacy",
        schema: 0,
      },
      ...{ rank: 0, status: "ready", summary: "A night.", segments: 0, degraded: [] },
      mood: { label: "eerie", valence: 0, arousal: 0 },
      characters: [
        {
          ...{
            id: "legacy-1",
            canonicalName: "Mara",
            aliases: [],
            role: "protagonist",
            gender: "unknown",
          },
          ...{
            ageGroup: "unknown",
            description: "A ferrywoman. calm brave, old",
            mentionCount: 0,
            quoteCount: 0,
          },
        },
        {
          ...{
            id: "legacy-2",
            canonicalName: "Teo",
            aliases: [],
            role: "narrator",
            gender: "male",
          },
          ...{ ageGroup: "elder", description: "", mentionCount: 0, quoteCount: 0 },
        },
        {
          ...{
            id: "legacy-4",
            canonicalName: "Ann",
            aliases: [],
            role: "minor",
            gender: "unknown",
          },
          ...{ ageGroup: "unknown", description: "", mentionCount: 0, quoteCount: 0 },
        },
      ],
      ...{ at: new Date("2024-05-01T00:00:00Z"), data: DATA, by: "ada" },
    },
  ]);
  expect(await refused()).toEqual([]);
});

test.each([
  ["a list of characters", [{ name: "Mara" }], ["Mara"], null],
  [
    "a JSON string that holds JSON",
    JSON.stringify({ characters: [{ name: "Mara" }], summary: "S" }),
    ["Mara"],
    "S",
  ],
  ["a text", "not what was asked", [], null],
  ["a number", 7, [], null],
  ["characters that are no list", { characters: { name: "Mara" }, summary: ["x"] }, [], null],
])(
  "an analysis that is %s is kept as it is, and shows what is understood",
  async (_, data, names, summary) => {
    await legacy.expand();
    await givenStories();

    await oldAnalysis({ data });

    expect(
      await ours(
        `a.summary, a.legacy_data->'analysis_data' AS data,
       ARRAY(SELECT c->>'canonicalName' FROM jsonb_array_elements(a.characters) c) AS names`,
      ),
    ).toEqual([{ summary, data, names }]);
  },
);

test("doubles become one analysis: of the present text, then the newest, then the highest id", async () => {
  await legacy.expand();
  await givenStories();

  await oldAnalysis({ data: { summary: "Old" }, updated: "2024-02-01" });
  await oldAnalysis({ data: { summary: "New" }, updated: "2024-03-01", of: "The river rose." });
  await oldAnalysis({ data: { summary: "Equal" }, updated: "2024-03-01" });
  await oldAnalysis({
    data: { summary: "Other text" },
    updated: "2024-09-01",
    of: "An earlier text.",
  });
  await oldAnalysis({ data: { summary: "Play" }, type: "roleplay" });

  expect(await ours("a.id, a.summary, a.analysis_type AS type, a.degraded")).toEqual([
    { id: 3, summary: "Equal", type: "narrative", degraded: [] },
    { id: 5, summary: "Play", type: "roleplay", degraded: [] },
  ]);
  expect(await moved()).toEqual(
    ["1", "2", "4"].map((id) => ({ from: "story_analyses", id, into: "3", kind: "merged" })),
  );
  expect(
    await legacy.superuser(
      `SELECT jsonb_path_query_array(legacy_data, '$.merged[*].id') AS ids FROM reference.story_analyses WHERE id = 3`,
    ),
  ).toEqual([{ ids: [1, 2, 4] }]);
});

test("the analyses of stories with one text are doubles, and deleting one lets the other count", async () => {
  await legacy.expand();
  await givenStories(["The river rose.", "The river rose. \r\n"]);
  await oldAnalysis({ story: 1, data: { summary: "One" } });
  await oldAnalysis({
    story: 2,
    data: { summary: "Two" },
    updated: "2024-03-01",
    of: "The river rose. \r\n",
  });
  const merged = await ours();

  await legacy.old("DELETE FROM story_analyses WHERE id = 2");
  const single = await ours();
  await legacy.old("DELETE FROM story_analyses");

  expect(merged).toEqual([{ id: 2, summary: "Two", text: "The river rose." }]);
  expect(single).toEqual([{ id: 1, summary: "One", text: "The river rose." }]);
  expect(await ours()).toEqual([]);
  expect(await moved()).toEqual([]);
});

test("analyses follow their story to another text, and wait in quarantine while it has none", async () => {
  await legacy.expand();
  await givenStories(["The river rose.", "The river rose."]);
  await oldAnalysis({ story: 1, data: { summary: "One" } });
  await oldAnalysis({
    story: 2,
    data: { summary: "Two" },
    updated: "2024-03-01",
    of: "The river rose.",
  });

  await legacy.old("UPDATE stories SET content = 'It fell.' WHERE id = 2");
  const changed = await ours("a.id, a.summary, t.content AS text, a.degraded");
  await legacy.old("UPDATE stories SET content = NULL WHERE id = 2");
  const [without, quarantined] = [await ours(), await refused()];
  await legacy.old("UPDATE stories SET content = 'It froze.' WHERE id = 2");

  expect(changed).toEqual([
    { id: 1, summary: "One", text: "The river rose.", degraded: [] },
    { id: 2, summary: "Two", text: "It fell.", degraded: [{ reason: "earlier_text" }] },
  ]);
  expect(without).toEqual([{ id: 1, summary: "One", text: "The river rose." }]);
  expect(quarantined).toEqual([{ id: "2", reason: "no_text" }]);
  expect((await ours("t.content AS text")).at(-1)).toEqual({ text: "It froze." });
  expect(await refused()).toEqual([]);
});

test("what a story holds of an earlier extraction is an analysis, and counts less than one of its text", async () => {
  await givenStories(["The river rose.", null]);
  await legacy.expand();
  await legacy.superuser(
    "SELECT legacy_sync.backfill_users(NULL, 10), legacy_sync.backfill_stories(NULL, 10)",
  );
  const characters = [{ name: "Mara" }];
  const shown = () =>
    ours(
      `a.id, a.summary, a.characters->0->>'canonicalName' AS name, a.legacy_data->'extracted' AS extracted`,
    );

  await legacy.old("UPDATE stories SET extracted_characters = $1", [JSON.stringify(characters)]);
  const [alone] = (await shown()) as [{ id: number }];
  const derived = await moved();
  await oldAnalysis({
    data: { summary: "S", characters: [{ name: "Teo" }] },
    of: "The river rose.",
  });
  const [analysed, analysisId] = [await shown(), await legacy.old("SELECT id FROM story_analyses")];
  await legacy.old("UPDATE stories SET extracted_characters = NULL");

  const extracted = [{ story_id: 1, characters, emotions: [] }];
  expect(alone).toMatchObject({ summary: null, name: "Mara", extracted });
  expect(derived).toEqual([{ from: "stories", id: "1", into: String(alone.id), kind: "derived" }]);
  expect(analysed).toMatchObject([{ ...analysisId[0], summary: "S", name: "Teo", extracted }]);
  expect(await shown()).toMatchObject([{ ...analysisId[0], name: "Teo", extracted: null }]);
  expect(
    await legacy.superuser(
      "SELECT source->'legacy'->'extractedCharacters' AS kept FROM reference.stories WHERE id = 2",
    ),
  ).toEqual([{ kept: null }]);
});

test("the backfill makes the same analyses as the trigger, and writes nothing twice", async () => {
  await legacy.generate({ seed: "5", narrations: 300 });
  await legacy.expand();
  await legacy.superuser(
    "SELECT legacy_sync.backfill_users(NULL, 1000), legacy_sync.backfill_stories(NULL, 1000)",
  );
  const page = () => legacy.superuser("SELECT * FROM legacy_sync.backfill_analyses(NULL, 1000)");
  const all = "to_jsonb(a) - 'row_version' AS analysis, t.content";

  const first = await page();
  const backfilled = [await ours(all), await moved(), await refused()];
  const second = await page();
  await legacy.superuser(
    "DELETE FROM reference.story_analyses; DELETE FROM legacy_sync.id_map WHERE target_table = 'reference.story_analyses'",
  );
  await legacy.old("UPDATE story_analyses SET id = id");
  await legacy.superuser("SELECT legacy_sync.repair_stories(id::text) FROM public.stories");

  expect(first).toMatchObject([{ taken: 18 }]);
  expect(second).toEqual([{ ...first[0], written: 0 }]);
  expect([await ours(all), await moved(), await refused()]).toEqual(backfilled);
});

test("TRUNCATE removes the analyses but not the extractions, and a lost analysis is repaired", async () => {
  await legacy.expand();
  await givenStories(["The river rose.", "It fell."]);
  await oldAnalysis({ data: { summary: "One" } });
  await legacy.old(`UPDATE stories SET extracted_characters = '[{"name": "Mara"}]' WHERE id = 2`);

  await legacy.superuser("DELETE FROM reference.story_analyses WHERE id = 1");
  await legacy.superuser("SELECT legacy_sync.repair_analyses('1')");
  const repaired = await ours("a.summary, t.content AS text");
  await legacy.old("TRUNCATE story_analyses");
  const truncated = await ours("a.summary, t.content AS text");
  await legacy.old("TRUNCATE stories CASCADE");

  expect(repaired).toEqual([
    { summary: "One", text: "The river rose." },
    { summary: null, text: "It fell." },
  ]);
  expect(truncated).toEqual([{ summary: null, text: "It fell." }]);
  expect(await ours()).toEqual([]);
  expect(await refused()).toEqual([]);
});

test("a deleted story takes its extraction along", async () => {
  await legacy.expand();
  await givenStories();
  await legacy.old(`UPDATE stories SET extracted_characters = '[{"name": "Mara"}]'`);

  await legacy.old("DELETE FROM stories");

  expect(await ours()).toEqual([]);
  expect(await moved()).toEqual([]);
});
