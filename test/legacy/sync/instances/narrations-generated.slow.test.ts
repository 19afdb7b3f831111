import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";

const PAIRS = "users templates stories profiles emotion_voices samples narrations".split(" ");
const ZONE = "Europe/Berlin";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
  await legacy.generate({ seed: "narrations", narrations: 400 });
  await legacy.expand(ZONE);
  for (const pair of PAIRS) await backfill(pair);
});
afterEach(() => legacy.drop());

async function backfill(pair: string): Promise<number> {
  const [row] = await legacy.superuser<{ written: number }>(
    `SELECT written FROM legacy_sync.backfill_${pair}(NULL, 10000)`,
  );
  return row?.written ?? -1;
}

const count = async (sql: string): Promise<number> =>
  (await legacy.superuser<{ count: number }>(`SELECT count(*)::int AS count ${sql}`))[0]?.count ??
  -1;

test("every row of the old application is here or in quarantine", async () => {
  for (const [from, to, derived] of [
    ["story_narrations", "user_story_narrations", "stories"],
    ["user_voice_samples", "user_voice_samples", "none"],
    ["user_emotion_voices", "user_emotion_voices", "user_voice_profiles"],
    ["user_voice_profiles", "user_voices", "none"],
  ]) {
    const ours = await count(`FROM instances.${to}`);
    const quarantined = await count(`FROM legacy_sync.quarantine WHERE source_table = '${from}'`);
    const extra = await count(
      `FROM legacy_sync.id_map WHERE source_table = '${derived}' AND target_table = 'instances.${to}'`,
    );
    expect(ours - extra + quarantined).toBe(await count(`FROM public.${from}`));
  }
});

test("a second backfill writes nothing", async () => {
  for (const pair of PAIRS) expect(await backfill(pair)).toBe(0);
});

test("our rows give back the legacy rows, to the last odd item", async () => {
  const all = `FROM instances.user_story_narrations n JOIN public.story_narrations l ON l.id = n.id`;

  expect(await count(all)).toBeGreaterThan(300);
  expect(
    await count(`${all} WHERE legacy_sync.unmap_narration(n, l, '${ZONE}') IS DISTINCT FROM l`),
  ).toBe(0);
  // Without its legacy row, a narration only does not know whether created_at was empty.
  expect(
    await count(
      `${all} WHERE l.created_at IS NOT NULL AND legacy_sync.unmap_narration(n, NULL, '${ZONE}') IS DISTINCT FROM l`,
    ),
  ).toBe(0);
});

test("repairing a row that is right changes nothing, and repairing a wrong one makes it right", async () => {
  const rows = () =>
    legacy.superuser(
      "SELECT to_jsonb(n) - 'version' AS row FROM instances.user_story_narrations n ORDER BY id",
    );
  const before = await rows();

  await legacy.superuser(
    `BEGIN; SET LOCAL fabula.sync = 'legacy';
     UPDATE instances.user_story_narrations SET narrator_voice = 'openai:wrong', duration_ms = 1, status = 'draft'
     WHERE id % 3 = 0 AND legacy_original IS NOT NULL;
     UPDATE instances.user_narration_segments SET text = 'wrong'
     WHERE narration_id % 5 = 0 AND narration_id IN (SELECT id FROM public.story_narrations);
     DELETE FROM instances.user_story_narrations
     WHERE id % 7 = 0 AND id IN (SELECT id FROM public.story_narrations); COMMIT`,
  );
  await legacy.superuser(
    "SELECT legacy_sync.repair_narrations(l.id::text) FROM public.story_narrations l",
  );

  expect(await rows()).toEqual(before);
  expect(await count("FROM instances.user_narration_segments WHERE text = 'wrong'")).toBe(0);
});

test("the hour that comes twice in the autumn makes no difference", async () => {
  const [row] = await legacy.superuser<{ id: string }>(
    "SELECT n.id FROM instances.user_story_narrations n JOIN public.story_narrations l ON l.id = n.id ORDER BY n.id LIMIT 1",
  );
  const version = async () =>
    (
      await legacy.superuser<{ version: number; at: Date }>(
        "SELECT version, updated_at AS at FROM instances.user_story_narrations WHERE id = $1",
        [row?.id],
      )
    )[0];

  // 02:30 in Berlin, the first and the second time.
  for (const at of ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]) {
    await legacy.superuser(
      "UPDATE instances.user_story_narrations SET updated_at = $2, version = version + 1 WHERE id = $1",
      [row?.id, at],
    );
    const before = await version();
    await legacy.old(
      "UPDATE story_narrations SET relationship_id = relationship_id WHERE id = $1",
      [Number(row?.id)],
    );

    expect(before?.at).toEqual(new Date(at));
    expect(await version()).toEqual(before);
  }
});
