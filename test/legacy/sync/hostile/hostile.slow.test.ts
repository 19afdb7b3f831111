import { verify } from "../../../../src/legacy/verify/verify.js";
import { commandsOf } from "../../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";
import { givenStories } from "../../legacy-rows.js";
import { hostileWrites, writeHostile } from "./hostile-rows.js";

const LONG_MS = 180_000;
/** In autumn, an hour comes twice. */
const ZONE = "Europe/Berlin";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

/** Writes every hostile value. Returns the column that each row is about. Fails if a statement fails. */
async function writeAll(): Promise<ReadonlyMap<string, string>> {
  await givenStories(legacy, { users: ["u1"], stories: 1 });
  await legacy.old(
    "INSERT INTO user_voice_profiles (user_id, profile_name) VALUES ('u1', 'First')",
  );
  const columns = new Map<string, string>();
  for (const write of await hostileWrites(legacy)) {
    const id = await writeHostile(legacy, write);
    if (id !== null) columns.set(`${write.table}/${id}`, `${write.table}.${write.column}`);
  }
  return columns;
}

const quarantine = () =>
  legacy.superuser<{ id: string; reason: string; detail: string }>(
    `SELECT source_table || '/' || source_id AS id, reason, detail FROM legacy_sync.quarantine
     WHERE source_table <> 'audio_files'`,
  );

/** The columns whose values no rule can map. */
const UNMAPPABLE = [
  "story_narrations.segments",
  "user_emotion_voices.elevenlabs_voice_id",
  "user_emotion_voices.emotion",
  "user_voice_profiles.elevenlabs_voice_id",
  "user_voice_samples.label",
  "user_voice_samples.user_id",
  "voice_modulation_templates.modulation_key",
  "voice_modulation_templates.modulation_type",
];

/** Fails unless each row is mapped, or waits in quarantine with a sentence for a person. */
async function expectAllAccountedFor(columns: ReadonlyMap<string, string>): Promise<void> {
  const refused = await quarantine();
  for (const { reason, detail } of refused) {
    expect(reason).toMatch(/^[a-z_]+$/);
    expect(detail).toMatch(/^(The|A) [^]*\.( PostgreSQL says: stack depth limit exceeded)?$/);
  }
  expect([...new Set(refused.map(({ id }) => columns.get(id)))].sort()).toEqual(UNMAPPABLE);
  const { pairs, isEqual } = await verify(legacy.operator);
  expect({ isEqual, wrong: pairs.flatMap(({ examples }) => examples) }).toEqual({
    ...{ isEqual: true, wrong: [] },
  });
}

test(
  "no value that the old application writes fails its statement, and each row is mapped or explained",
  async () => {
    await legacy.expand(ZONE);

    const columns = await writeAll();

    expect(columns.size).toBeGreaterThan(1_200);
    await expectAllAccountedFor(columns);
  },
  LONG_MS,
);

test(
  "a backfill maps or explains each row that was there before, whatever its values",
  async () => {
    const columns = await writeAll();
    const migrate = commandsOf(legacy);
    await migrate.text("expand", "--legacy-time-zone", ZONE);

    await migrate.text("backfill");

    await expectAllAccountedFor(columns);
  },
  LONG_MS,
);
