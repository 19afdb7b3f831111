import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../src/app/open-database.js";
import { DiskStorage } from "../../src/providers/storage/disk.js";

const scratch = mkdtempSync(join(tmpdir(), "fabula-open-"));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test("if DATA_DIR cannot be used, every start stores sound in the database's fallback folder", async () => {
  const file = join(scratch, "a-file");
  writeFileSync(file, "in the way");
  const config = { database: undefined, dataDir: join(file, "data") };
  const first = await openDatabase(config, () => undefined);
  const before = new DiskStorage({ root: join(first.filesDir, "blobs") });
  const { key } = await before.put(new Uint8Array([1, 2, 3]), { contentType: "audio/wav" });
  await first.leave();

  const second = await openDatabase(config, () => undefined);
  const after = new DiskStorage({ root: join(second.filesDir, "blobs") });

  expect(first.filesDir.startsWith(file)).toBe(false);
  expect(await after.stat(key)).toMatchObject({ sizeBytes: 3 });
  await second.leave();
  rmSync(first.filesDir, { recursive: true });
});
