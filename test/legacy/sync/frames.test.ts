import { withFrames } from "../../../src/legacy/sync/frames.js";
import { holdRow } from "../../support/blocked.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
});
afterEach(() => legacy.drop());

const FACTS = {
  ...{ row: "sample", rows: "samples", table: "user_voice_samples" },
  ...{ moved: "false", truncated: "PERFORM 1;" },
};
const requestOf = (facts: Readonly<Record<string, string>>) =>
  ["-- frame: one-way", ...Object.entries(facts).map(([name, value]) => `-- ${name}: ${value}`)]
    .map((line) => `${line}\n`)
    .join("");

test("a frame is filled with the facts of a pair", () => {
  const sql = withFrames(`SELECT 1;\n${requestOf({ ...FACTS, lock: "KEY SHARE" })}`);

  expect(sql).toMatch(/^SELECT 1;\n/);
  expect(sql).toContain("FUNCTION legacy_sync.read_samples(after text, size integer)");
  expect(sql).toContain("LIMIT size FOR KEY SHARE");
  expect(sql).not.toMatch(/\{\w+\}/);
});

test("a fact that a pair forgot is named", () => {
  const { rows, row, table } = FACTS;

  expect(() => withFrames(requestOf({ rows, row, table }))).toThrow(
    "A frame of samples lacks truncated.",
  );
});

test("a statement does not wait long for another transaction, and its row is mapped later", async () => {
  const record = `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url) VALUES ('u1', 'emotion', 'new', 'a.mp3')`;
  await givenStories(legacy, { users: ["u1"] });
  const first = await holdRow(legacy, record);

  await legacy.old(record);
  await first.release();
  const refused = await legacy.superuser("SELECT source_id, reason FROM legacy_sync.quarantine");
  await legacy.superuser("SELECT legacy_sync.repair_samples('2')");

  expect(refused).toEqual([{ source_id: "2", reason: "busy" }]);
  expect(await legacy.superuser("SELECT id FROM instances.user_voice_samples")).toHaveLength(2);
});

const EMPTIED = [
  { table: "user_voice_samples", target: "instances.user_voice_samples", rows: "samples" },
  { table: "story_narrations", target: "instances.user_story_narrations", rows: "narrations" },
  { table: "stories", target: "reference.stories", rows: "stories" },
];

test.each(EMPTIED)(
  "a TRUNCATE of $table succeeds, though ours refuse to delete a row",
  async ({ table, target, rows }) => {
    await givenStories(legacy, { users: ["u1"] });
    await legacy.old(
      `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url) VALUES ('u1', 'emotion', 'happy', 'a.mp3');
       INSERT INTO stories (id, title, category, upload_type) VALUES (7, 'Of nobody', 'tale', 'text');
       INSERT INTO story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
       VALUES (7, 'u1', 'alloy', 'ai', '[]', 0)`,
    );
    await legacy.superuser(
      `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'No.'; END $$;
       CREATE TRIGGER refuse BEFORE DELETE ON ${target} FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    );

    await legacy.old(`TRUNCATE ${table} CASCADE`);

    const quarantine = () =>
      legacy.superuser("SELECT source_table, source_id, reason FROM legacy_sync.quarantine");
    expect(await quarantine()).toEqual([
      { source_table: table, source_id: "TRUNCATE", reason: "not_emptied" },
    ]);
    await legacy.superuser(`SELECT legacy_sync.repair_${rows}('TRUNCATE')`);
    expect(await quarantine()).toEqual([]);
  },
);
