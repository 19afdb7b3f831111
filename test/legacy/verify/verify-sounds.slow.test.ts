import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";
import { oldFile, waveOf } from "../sound/sound-files.js";
import { backfillPairs, verifyPairNamed } from "./verification.js";
import { type CoveredTable, unnoticedColumns } from "./wrong-values.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const PAIRS = ["users", "templates", "sounds", "stories", "analyses", "samples", "narrations"];

test("every file of a generated database is here as expected, for each user who has a link to it", async () => {
  await legacy.generate({ seed: "1", narrations: 2_000 });
  await legacy.expand("Europe/Berlin");

  await backfillPairs(legacy, PAIRS);
  const { pairs } = await verify(legacy.operator, { pageSize: 300 });

  const reports = pairs.filter(({ pair }) => PAIRS.includes(pair));
  expect(reports.flatMap(({ examples }) => examples)).toEqual([]);
  expect(reports.find(({ pair }) => pair === "sounds")).toMatchObject({ rows: 20, same: 20 });
  const [owners] = await legacy.superuser<{ first: number; second: number }>(
    `SELECT count(*) FILTER (WHERE id = 1)::int AS first, count(*) FILTER (WHERE id = 2)::int AS second
     FROM instances.user_legacy_sounds`,
  );
  expect(owners?.first).toBeGreaterThan(owners?.second ?? 0);
  expect(owners?.second).toBeGreaterThan(0);
});

const TABLES: readonly CoveredTable[] = [
  {
    table: "instances.user_legacy_sounds",
    except: ["stored_at"],
    original: ["legacy_original"],
  },
  { table: "legacy_sync.sounds", except: [], original: ["legacy_original"] },
];

test.each(TABLES)("a wrong value in any column of $table is noticed", async (covered) => {
  await legacy.expand();
  await givenStories(legacy);
  await oldFile(legacy, { id: 7, data: waveOf(1) });
  await oldNarration(legacy, { audio: "audio://7" });

  const unnoticed = await unnoticedColumns(
    legacy,
    covered,
    async () => !(await verify(legacy.operator)).isEqual,
  );

  expect(unnoticed).toEqual([]);
  expect(await verifyPairNamed(legacy, "sounds")).toMatchObject({ rows: 1, same: 1, extra: 0 });
});

test.each([
  ["stories", "UPDATE stories SET voice_sample_url = 'audio://7' WHERE id = 1"],
  [
    "samples",
    "INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url) VALUES ('u1', 'emotion', 'sad', 'audio://7')",
  ],
  [
    "narrations",
    `INSERT INTO story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     VALUES (1, 'u1', 'alloy', 'ai', '[{"text": "A", "audioUrl": "audio://7"}]', 0)`,
  ],
])("a missing row for a link in %s is noticed and repaired", async (pair, sql) => {
  await legacy.expand();
  await givenStories(legacy);
  await oldFile(legacy, { id: 7, data: waveOf(1) });
  await legacy.old(sql);
  await legacy.superuser("DELETE FROM instances.user_legacy_sounds");

  const before = await verifyPairNamed(legacy, pair);
  const after = await verifyPairNamed(legacy, pair, { repair: true });

  expect(before).toMatchObject({ wrong: 1 });
  expect(after).toMatchObject({ wrong: 0, repaired: 1 });
});
