import { randomBytes } from "node:crypto";
import { type FileHandle, open, readdir, stat, truncate, utimes } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ProviderError } from "../../../src/platform/errors.js";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { keysOf, storageContract } from "./contract.js";
import { removeScratchFolders, scratchFolder } from "./scratch-folder.js";
import { WriterProcess } from "./writer-process.js";

afterAll(removeScratchFolders);

const TYPE = { contentType: "audio/mpeg" };
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder, { recursive: true }).catch(() => []);

describe("disk storage passes the blob storage contract", () => {
  storageContract(async () => {
    const root = await scratchFolder();
    return { storage: new DiskStorage({ root }), leftovers: () => namesIn(join(root, "tmp")) };
  });
});

test("a writer killed halfway leaves a temporary file and no blob", async () => {
  const root = await scratchFolder();
  const writer = new WriterProcess(root);
  await writer.isWriting();

  await writer.kill();

  const storage = new DiskStorage({ root });
  expect(await keysOf(storage, "killed")).toEqual([]);
  expect(await namesIn(join(root, "tmp"))).toHaveLength(1);
  expect(await storage.sweep(new Date("2999-01-01"))).toBe(1);
  expect(await namesIn(join(root, "tmp"))).toEqual([]);
});

test("storing a blob again renews its date and repairs it", async () => {
  const root = await scratchFolder();
  const storage = new DiskStorage({ root });
  const { key } = await storage.put(Buffer.from("the same bytes"), { ...TYPE, owner: "ada" });
  await truncate(join(root, key), 3);
  await utimes(join(root, key), 0, 0);
  const before = await storage.stat(key);

  await storage.put(Buffer.from("the same bytes"), { ...TYPE, owner: "ada" });

  const after = await storage.stat(key);
  expect(before).toEqual({ sizeBytes: 3, storedAt: new Date(0) });
  expect(after?.sizeBytes).toBe(14);
  expect(after?.storedAt.getTime()).toBeGreaterThan(0);
});

/** Opens a file. The first write works. All later writes fail, as on a full disk. */
async function openOnFullDisk(path: string, flags: string, mode?: number): Promise<FileHandle> {
  const file = await open(path, flags, mode);
  let writes = 0;
  const write = file.writeFile.bind(file);
  file.writeFile = async (...args) => {
    writes += 1;
    if (writes > 1) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    await write(...args);
  };
  return file;
}

test("a full disk is reported, and the written bytes are freed", async () => {
  const root = await scratchFolder();
  const storage = new DiskStorage({ root, openFile: openOnFullDisk });
  async function* content() {
    for (let part = 0; part < 5; part += 1) yield randomBytes(1000);
  }

  const put = storage.put(content(), { ...TYPE, owner: "full" });

  await expect(put).rejects.toThrow(ProviderError);
  await expect(put).rejects.toThrow(/disk of the blob storage is full \(ENOSPC\)/);
  await expect(put).rejects.toMatchObject({ retryable: true });
  expect(await namesIn(root)).toEqual(["tmp"]);
});

test("a folder that cannot be used is reported and not tried again", async () => {
  const root = join(await scratchFolder(), "taken");
  await (await open(root, "w")).close();

  const put = new DiskStorage({ root }).put(randomBytes(3), TYPE);

  await expect(put).rejects.toMatchObject({
    code: "PROVIDER_FAILED",
    retryable: false,
    message: "The blob storage's disk failed (ENOTDIR); check its folder and permissions.",
  });
});

test("only the server's account can read files and folders", async () => {
  const root = await scratchFolder();

  const { key } = await new DiskStorage({ root }).put(randomBytes(3), { ...TYPE, owner: "ada" });

  const modeOf = async (path: string) => (await stat(join(root, path))).mode & 0o777;
  expect(await modeOf(key)).toBe(0o600);
  expect(await modeOf("owned/ada")).toBe(0o700);
});

test("reading fails if the blob is truncated during the read", async () => {
  const root = await scratchFolder();
  const storage = new DiskStorage({ root });
  const { key } = await storage.put(randomBytes(1_000_000), { ...TYPE, owner: "ada" });

  const { stream } = await storage.open(key);
  await truncate(join(root, key), 1000);

  await expect(buffer(stream)).rejects.toThrow(/ended after \d+ of 1000000 bytes/);
});

test("a blob of 64 MB is read in small pieces, not at once", async () => {
  const root = await scratchFolder();
  const storage = new DiskStorage({ root });
  const { key } = await storage.put(randomBytes(1), { ...TYPE, owner: "ada" });
  await truncate(join(root, key), 64 * 1024 ** 2);

  const { stream } = await storage.open(key);
  let sizeBytes = 0;
  let largest = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    largest = Math.max(largest, chunk.length);
  }

  expect(sizeBytes).toBe(64 * 1024 ** 2);
  expect(largest).toBeLessThanOrEqual(65_536);
});
