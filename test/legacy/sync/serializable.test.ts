import pg from "pg";
import { commandsOf } from "../command-context.js";
import { LEGACY_OWNER, type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { givenStories } from "../legacy-rows.js";

const ROWS = 40;
const WRITERS = 4;
const ROUNDS = 5;

let legacy: LegacyTestDatabase;
let writers: pg.Client[];
beforeEach(async () => {
  legacy = await legacyDatabase();
  writers = await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const options = `-c role=${LEGACY_OWNER} -c default_transaction_isolation=serializable`;
      const client = new pg.Client({ connectionString: legacy.superUrl, options });
      await client.connect();
      return client;
    }),
  );
});
afterEach(async () => {
  await Promise.all(writers.map((client) => client.end()));
  await legacy.drop();
});

/** Statements of the old application about the user, story, narration, and so on with the number n. */
const STATEMENTS: readonly ((n: number) => string)[] = [
  (n) => `UPDATE users SET display_name = 'N' || random() WHERE id = 'u${n}'`,
  (n) => `UPDATE stories SET view_count = view_count + 1 WHERE id = ${n}`,
  (n) => `UPDATE stories SET content = content || ' More.' WHERE id = ${n}`,
  (n) =>
    `INSERT INTO stories (title, content, category, upload_type, author_id)
     VALUES ('New', 'Text ' || random(), 'tale', 'text', 'u${n}')`,
  (n) => `UPDATE story_narrations SET segments = '[{"text": "again"}]' WHERE id = ${n}`,
  (n) =>
    `INSERT INTO story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     VALUES (${n}, 'u${n}', 'alloy', 'ai', '[{"text": "x"}]', 3)`,
  (n) => `UPDATE story_analyses SET analysis_data = '{"summary": "t"}' WHERE story_id = ${n}`,
  (n) =>
    `INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by)
     VALUES (${n}, 'narrative', '{"summary": "s"}', 'u${n}')`,
  (n) => `UPDATE user_voice_samples SET duration = duration + 1 WHERE id = ${n}`,
  (n) =>
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url)
     VALUES ('u${n}', 'emotion', 'k${n}', 'a.mp3')`,
  (n) => `UPDATE user_voice_profiles SET profile_name = 'Q' || random() WHERE id = ${n}`,
  (n) => `UPDATE user_emotion_voices SET usage_count = usage_count + 1 WHERE id = ${n}`,
  (n) => `DELETE FROM user_voice_samples WHERE id = ${n}`,
  (n) => `DELETE FROM story_narrations WHERE id = ${n}`,
];

async function givenRows(): Promise<void> {
  const users = Array.from({ length: ROWS }, (_, place) => `u${place + 1}`);
  await givenStories(legacy, { users, stories: ROWS });
  await legacy.old("UPDATE stories SET author_id = 'u' || id");
  const [narration, , analysis, , sample] = [5, 6, 7, 8, 9].map((place) => STATEMENTS[place]);
  for (let n = 1; n <= ROWS; n += 1) {
    for (const insert of [narration, analysis, sample]) await legacy.old(insert?.(n) ?? "");
  }
  await legacy.old(
    `INSERT INTO user_voice_profiles (user_id, profile_name) SELECT 'u' || n, 'P' FROM generate_series(1, ${ROWS}) n`,
  );
  await legacy.old(
    `INSERT INTO user_emotion_voices (user_voice_profile_id, emotion) SELECT n, 'k' || n FROM generate_series(1, ${ROWS}) n`,
  );
}

/** Each writer writes other rows than the others. All transactions are open when the first one commits. */
async function writeTogether(statements: (writer: number) => readonly string[]): Promise<void> {
  for (const writer of writers) await writer.query("BEGIN; SELECT 1");
  for (const [place, writer] of writers.entries()) {
    for (const sql of statements(place)) await writer.query(sql);
  }
  for (const writer of writers) await writer.query("COMMIT");
}

test("old transactions at SERIALIZABLE that write different rows do not fail because of the triggers", async () => {
  await givenRows();
  const migrate = commandsOf(legacy);
  await migrate.text("expand");
  await migrate.text("backfill");

  for (const statement of STATEMENTS) {
    await writeTogether((place) => [statement(1 + place * 9)]);
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    await writeTogether((place) =>
      STATEMENTS.slice(0, -2).flatMap((statement, index) =>
        (place + round) % 3 === index % 3 ? [statement(1 + place * 9 + round)] : [],
      ),
    );
  }

  expect(await legacy.superuser("SELECT * FROM legacy_sync.quarantine")).toEqual([]);
});
