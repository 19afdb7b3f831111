import { open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../../platform/files/folders.js";
import { Readable } from "node:stream";
import type {
  BlobContent,
  BlobFacts,
  BlobStorage,
  ByteRange,
  OpenBlob,
  PutOptions,
  StoredBlob,
} from "./storage.port.js";
import { parseBlobKey, prefixOf } from "./blob-key.js";
import { codeOf, diskFailure, isMissing, noSuchBlob, onDisk, rangeBeyondEnd } from "./failure.js";
import { type OpenFile, Spool } from "./spool.js";
import { wholeStream } from "./whole-stream.js";

export interface DiskStorageOptions {
  /**
   * A folder that only this storage uses. The folder also contains the temporary files, because a
   * file can be renamed only within one disk.
   */
  readonly root: string;
  readonly openFile?: OpenFile;
}

/** Stores blobs as files that only the server's system account can read. */
export class DiskStorage implements BlobStorage {
  private readonly root: string;
  private readonly openFile: OpenFile;
  private readonly spool: Spool;

  constructor({ root, openFile = open }: DiskStorageOptions) {
    this.root = resolve(root);
    this.openFile = openFile;
    this.spool = new Spool(join(this.root, "tmp"), openFile);
  }

  async put(content: BlobContent, { owner }: PutOptions): Promise<StoredBlob> {
    const prefix = prefixOf(owner);
    const { path, sha256, sizeBytes } = await this.spool.write(content);
    const key = `${prefix}${sha256}`;
    try {
      await onDisk(this.keep(path, key));
    } finally {
      await this.spool.discard(path);
    }
    return { key, sizeBytes };
  }

  async open(key: string, range?: ByteRange): Promise<OpenBlob> {
    const file = await this.openFile(this.pathOf(key), "r").catch((error: unknown) => {
      throw isMissing(error) ? noSuchBlob(key) : diskFailure(error);
    });
    try {
      const { size } = await file.stat();
      const { start, end } = clip(range, size, key);
      const sizeBytes = end - start + 1;
      if (sizeBytes === 0) {
        await file.close();
        return { stream: Readable.from([]), sizeBytes: size, start, end };
      }
      const stream = wholeStream(file.createReadStream({ start, end }), key, sizeBytes);
      return { stream, sizeBytes: size, start, end };
    } catch (error) {
      await file.close();
      throw diskFailure(error);
    }
  }

  async stat(key: string): Promise<BlobFacts | null> {
    if (parseBlobKey(key) === null) return null;
    const found = await stat(this.pathOf(key)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw diskFailure(error);
    });
    return found && { sizeBytes: found.size, storedAt: found.mtime };
  }

  async delete(key: string): Promise<void> {
    if (parseBlobKey(key) === null) return;
    const path = this.pathOf(key);
    await onDisk(rm(path, { force: true }));
    await syncFolder(dirname(path)).catch(unlessMissing);
  }

  async *list(owner: string): AsyncGenerator<string> {
    const prefix = prefixOf(owner);
    const names = await readdir(join(this.root, prefix)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw diskFailure(error);
    });
    yield* names
      .map((name) => `${prefix}${name}`)
      .filter((key) => parseBlobKey(key) !== null)
      .sort();
  }

  async eraseOwner(owner: string): Promise<number> {
    let erased = 0;
    for await (const key of this.list(owner)) {
      await onDisk(rm(this.pathOf(key), { force: true }));
      erased += 1;
    }
    const folder = join(this.root, prefixOf(owner));
    await rmdir(folder).catch(unlessMissing);
    await syncFolder(dirname(folder)).catch(unlessMissing);
    return erased;
  }

  sweep(olderThan: Date): Promise<number> {
    return this.spool.sweep(olderThan);
  }

  private async keep(from: string, key: string): Promise<void> {
    const to = this.pathOf(key);
    await makeKeptFolder(dirname(to));
    // Replace the file also if the blob is already stored. This renews the blob's date and repairs
    // a damaged file.
    await rename(from, to);
    await syncFolder(dirname(to));
  }

  private pathOf(key: string): string {
    const parsed = parseBlobKey(key);
    if (parsed === null) throw noSuchBlob(key);
    const { owner, sha256 } = parsed;
    // ext4 refuses more than about six million names of this length in one folder, so use 256
    // folders for shared blobs.
    const folder = owner === null ? join("shared", sha256.slice(0, 2)) : join("owned", owner);
    return join(this.root, folder, sha256);
  }
}

function clip(range: ByteRange | undefined, size: number, key: string) {
  if (range === undefined) return { start: 0, end: size - 1 };
  const { start, end = size - 1 } = range;
  if (start < 0 || start >= size || end < start) throw rangeBeyondEnd(key, start);
  return { start, end: Math.min(end, size - 1) };
}

/**
 * Creates a folder and its missing parents. Then syncs the parent of each new folder. Without the
 * sync, the new folders could be missing after a crash.
 */
async function makeKeptFolder(folder: string): Promise<void> {
  const first = await makeFolder(folder, 0o700);
  if (first === undefined) return;
  let made = folder;
  while (made.length >= first.length) {
    made = dirname(made);
    await syncFolder(made);
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // Windows cannot sync a folder and does not need to
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

function unlessMissing(error: unknown): void {
  // ENOTEMPTY: a put stored a blob in the folder in the meantime, so the folder stays.
  if (!isMissing(error) && codeOf(error) !== "ENOTEMPTY") throw diskFailure(error);
}
