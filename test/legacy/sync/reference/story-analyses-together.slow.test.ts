import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";
import { givenStories } from "../../legacy-rows.js";

const STORIES = 3;
const ROUNDS = 30;

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
  await legacy.expand();
  await givenStories(legacy, { stories: STORIES });
});
afterEach(() => legacy.drop());

/** What one session of the old application does in one round. Stories move between a few texts. */
async function oldRound(round: number, writer: number): Promise<void> {
  const story = 1 + ((round + writer) % STORIES);
  await legacy.old(
    `INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by, updated_at)
     VALUES ($1, 'narrative', jsonb_build_object('summary', $2::text), 'u1', '2024-03-01'::timestamp + $3 * interval '1 day')`,
    [story, `${writer}.${round}`, round % 9],
  );
  if (round % 4 !== 0) return;
  await legacy.old("UPDATE story_analyses SET updated_at = now() WHERE id = $1", [round + 1]);
  await legacy.old("DELETE FROM story_analyses WHERE id = $1", [round + 2]);
  await legacy.old("UPDATE stories SET content = $2 WHERE id = $1", [story, `Text ${round % 5}.`]);
}

test("analyses that the old application writes at the same time are all kept, without deadlocks", async () => {
  await Promise.all(
    [1, 2, 3].map(async (writer) => {
      for (let round = 0; round < ROUNDS; round += 1) await oldRound(round, writer);
    }),
  );

  const left = await legacy.old("SELECT id FROM story_analyses ORDER BY id");
  expect(await legacy.superuser("SELECT * FROM legacy_sync.quarantine")).toEqual([]);
  expect(
    await legacy.superuser(
      `SELECT (legacy_data->>'id')::int AS id FROM reference.story_analyses
       UNION ALL SELECT jsonb_path_query(legacy_data, '$.merged[*].id')::int FROM reference.story_analyses ORDER BY 1`,
    ),
  ).toEqual(left);
  expect(
    await legacy.superuser(
      "SELECT sum(legacy_sync.merge_text(content_hash, language))::int AS changed FROM reference.stories",
    ),
  ).toEqual([{ changed: 0 }]);
});
