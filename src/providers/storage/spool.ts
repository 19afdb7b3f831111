import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../platform/files/folders.js";
import type { BlobContent } from "./storage.port.js";
import { diskFailure, isMissing, onDisk } from "./failure.js";

const SUFFIX = ".part";

/** Opens a file. A test passes a function that simulates a full disk. */
export type OpenFile = (path: string, flags: string, mode?: number) => Promise<FileHandle>;

export interface SpooledFile {
  readonly path: string;
  readonly sha256: string;
  /** An S3 server returns this hash after a plain PUT, so it is used to check the stored bytes. */
  readonly md5: string;
  readonly sizeBytes: number;
}

/**
 * Writes content to temporary files, from which a storage takes it. The hash is computed while
 * writing, because the blob's key needs the hash of the whole content.
 */
export class Spool {
  constructor(
    private readonly folder: string,
    private readonly openFile: OpenFile = open,
  ) {}

  /**
   * Writes content to a new file, hashes the content and syncs the file to the disk. The caller
   * must move or delete the file. If `write` fails, it deletes the file.
   */
  async write(content: BlobContent): Promise<SpooledFile> {
    await onDisk(makeFolder(this.folder, 0o700));
    const path = join(this.folder, `${randomUUID()}${SUFFIX}`);
    const file = await onDisk(this.openFile(path, "wx", 0o600));
    try {
      const hashed = await copy(content, file);
      await onDisk(file.sync());
      await onDisk(file.close());
      return { path, ...hashed };
    } catch (error) {
      await file.close().catch(() => undefined); // throw the first error, which is the cause
      await this.discard(path);
      throw error;
    }
  }

  async discard(path: string): Promise<void> {
    await onDisk(rm(path, { force: true }));
  }

  /** Deletes the files that were last written before `olderThan`. Returns their number. */
  async sweep(olderThan: Date): Promise<number> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw diskFailure(error);
    });
    let removed = 0;
    for (const name of names.filter((each) => each.endsWith(SUFFIX))) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null); // null if the put has finished in the meantime
      if (found === null || found.mtime >= olderThan) continue;
      await this.discard(path);
      removed += 1;
    }
    return removed;
  }
}

async function copy(content: BlobContent, file: FileHandle): Promise<Omit<SpooledFile, "path">> {
  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  let sizeBytes = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    sha256.update(chunk);
    md5.update(chunk);
    sizeBytes += chunk.length;
    await onDisk(file.writeFile(chunk));
  }
  return { sha256: sha256.digest("hex"), md5: md5.digest("hex"), sizeBytes };
}
