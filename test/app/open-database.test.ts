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

describe("the development secret beside a database of one's own", () => {
  const secretIn = async (dataDir: string): Promise<string> => {
    const url = "postgres://nobody@127.0.0.1:1/nothing";
    const database = { url, directUrl: url, migrationUrl: url };
    const opened = await openDatabase({ database, dataDir }, () => undefined);
    return opened.developmentSecret();
  };

  test("is the same for processes that start at the same time, and whole", async () => {
    const dataDir = join(scratch, "fresh");

    const secrets = await Promise.all(Array.from({ length: 20 }, () => secretIn(dataDir)));

    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is refused if a full disk or a crash left an empty file", async () => {
    writeFileSync(join(scratch, "token-secret"), "");

    await expect(secretIn(scratch)).rejects.toThrow(/token-secret is damaged\. Delete it/);
  });
});
