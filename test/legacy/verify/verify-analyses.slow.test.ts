import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { backfillPairs, verifyPairNamed } from "./verification.js";
import { unnoticedColumns } from "./wrong-values.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

test("every analysis of a generated database is here as expected", async () => {
  await legacy.generate({ seed: "1", narrations: 1_000 });
  await legacy.expand("Europe/Berlin");

  await backfillPairs(legacy, ["users", "templates", "stories", "analyses"]);
  const { rows, same, quarantined, merged, wrong, extra, derived, examples } =
    await verifyPairNamed(legacy, "analyses");

  expect(examples).toEqual([]);
  expect({ wrong, extra, sum: same + quarantined + merged }).toEqual({
    ...{ wrong: 0, extra: 0, sum: rows },
  });
  expect(Math.min(quarantined, merged)).toBeGreaterThan(1);
  expect(derived).toBe(0);
  expect(await verifyPairNamed(legacy, "stories")).toMatchObject({ wrong: 0, extra: 0 });
});

const CHARACTER = { name: "Mara", role: "lead", gender: "woman", age: "old", traits: ["calm"] };

test("a wrong value in any column of an analysis is noticed", async () => {
  await legacy.expand();
  await legacy.old("INSERT INTO users (id) VALUES ('ada')");
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, author_id, content, extracted_emotions)
     VALUES ('The Ferry', 'fiction', 'text', 'ada', 'The river rose.', '[{"emotion": null}]')`,
  );
  await legacy.old(
    `INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by)
     VALUES (1, 'narrative', '{"summary": "Short."}', 'ada'), (1, 'narrative', $1, 'ada')`,
    [JSON.stringify({ characters: [CHARACTER], summary: " A night. ", moodCategory: "Eerie" })],
  );

  const unnoticed = await unnoticedColumns(
    legacy,
    {
      table: "reference.story_analyses",
      except: ["model", "prompt_version", "usage", "progress", "segment_count", "row_version"],
      original: ["legacy_data"],
    },
    async () => !(await verify(legacy.operator)).isEqual,
  );

  expect(unnoticed).toEqual([]);
  const report = await verifyPairNamed(legacy, "analyses");
  expect(report).toMatchObject({ rows: 2, same: 1, merged: 1, wrong: 0, extra: 0 });
});

test("an analysis follows its story to a text of ours", async () => {
  await legacy.expand();
  await legacy.old("INSERT INTO users (id) VALUES ('ada')");
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, author_id, content)
     VALUES ('The Ferry', 'fiction', 'text', 'ada', 'The river rose.')`,
  );
  await legacy.old(
    `INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by)
     VALUES (1, 'narrative', $1, 'ada')`,
    [JSON.stringify({ characters: [CHARACTER] })],
  );

  await legacy.superuser("UPDATE reference.stories SET language = 'de' WHERE id = 1");

  const { pairs } = await verify(legacy.operator);
  expect(pairs.flatMap(({ examples }) => examples)).toEqual([]);
});
