import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Workplace, runMigrate, startMigrate } from "../backfill/migrate.process.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

const FILES = 240;

let legacy: LegacyTestDatabase;
let workplace: Workplace;
beforeEach(async () => {
  legacy = await legacyDatabase();
  workplace = { database: legacy, folder: await mkdtemp(join(tmpdir(), "fabula-moved-")) };
});
afterEach(async () => {
  await legacy.drop();
  await rm(workplace.folder, { recursive: true, force: true });
});

interface Moved {
  readonly files: number;
  readonly counts: { readonly files: number; readonly storedFiles: number };
}

const migrate = async (...words: string[]): Promise<string> => {
  const { code, result, notes } = await runMigrate(workplace, ...words);
  if (code !== 0) throw new Error(notes);
  return result;
};

/** Resolves when this many files are marked as moved, and before all are. */
async function untilMoved(count: number): Promise<void> {
  for (;;) {
    const [row] = await legacy.superuser<{ moved: number }>(
      "SELECT count(stored_at)::int AS moved FROM instances.user_legacy_sounds",
    );
    if ((row?.moved ?? 0) >= count) return;
  }
}

test("a move of sound that is killed twice loses nothing, and a last run moves nothing twice", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1'), ('u2')");
  await legacy.old(
    `INSERT INTO audio_files (file_name, audio_data, file_size)
     SELECT n || '.mp3', encode(convert_to(repeat(md5(n::text), 2000), 'UTF8'), 'base64'), 64000 FROM generate_series(1, $1::int) n`,
    [FILES],
  );
  await legacy.old(
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url)
     SELECT 'u' || 1 + n % 2, 'emotion', 'sad', 'audio://' || n FROM generate_series(1, $1::int) n`,
    [FILES],
  );
  await migrate("expand");
  await migrate("backfill");

  for (const moved of [20, 60]) {
    const killed = startMigrate(workplace, "backfill", "--audio");
    await untilMoved(moved);
    killed.child.kill("SIGKILL");
    await killed.ended;
  }
  const rest = JSON.parse(await migrate("backfill", "--audio", "--json")) as Moved;
  const again = JSON.parse(await migrate("backfill", "--audio", "--json")) as Moved;

  expect(rest.files).toBeLessThanOrEqual(FILES - 60);
  expect(again).toMatchObject({ files: 0, counts: { files: FILES, storedFiles: FILES } });
  const root = join(workplace.folder, "data/blobs/owned");
  const wrong: string[] = [];
  let count = 0;
  for (const owner of await readdir(root)) {
    for (const name of await readdir(join(root, owner))) {
      const bytes = await readFile(join(root, owner, name));
      if (createHash("sha256").update(bytes).digest("hex") !== name) wrong.push(name);
      count += 1;
    }
  }
  expect({ wrong, count }).toEqual({ wrong: [], count: FILES });
});
