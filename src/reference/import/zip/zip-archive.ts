import { type Entry, type ZipFile, fromBufferPromise } from "yauzl";
import { FabulaError } from "../../../platform/errors.js";
import { refused } from "../file-kind.js";
import type { StoryFile } from "../story-file.js";

const MAX_ENTRIES = 20_000;
/** The most bytes of one part, and of all parts that are read. The text of a long book has about 5 MB. */
const MAX_PART_BYTES = 30_000_000;
const MAX_BYTES = 100_000_000;
/** Text becomes about four times smaller, and a page of empty lines a hundred times. */
const MAX_RATIO = 400;
/** Below this size, the ratio says nothing. */
const SMALL_BYTES = 1_000_000;

/** The parts of a ZIP archive, by their paths. Nothing is ever written to a disk. */
export class ZipArchive {
  private readBytes = 0;

  private constructor(
    readonly fileName: string,
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws InvalidInputError if the archive is damaged, or not what honest programs make */
  static async open({ fileName, bytes }: StoryFile): Promise<ZipArchive> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      const zip = await fromBufferPromise(buffer);
      if (zip.entryCount > MAX_ENTRIES) {
        throw refused(`${fileName} has more than ${MAX_ENTRIES} parts, which no book needs.`);
      }
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
      }
      return new ZipArchive(fileName, zip, entries);
    } catch (error) {
      throw damaged(fileName, error);
    }
  }

  get paths(): readonly string[] {
    return [...this.entries.keys()];
  }

  has(path: string): boolean {
    return this.entries.has(path);
  }

  /**
   * Unpacks one part. Returns null if there is no such part.
   * @throws InvalidInputError if the part is damaged, encrypted or too large
   */
  async read(path: string): Promise<Uint8Array | null> {
    const entry = this.entries.get(path);
    if (!entry) return null;
    if (entry.isEncrypted()) {
      throw refused(
        `${this.fileName} is protected with a password; save it without a password and import it again.`,
      );
    }
    this.refuseBomb(entry);
    try {
      return await this.unpack(entry);
    } catch (error) {
      throw damaged(this.fileName, error);
    }
  }

  /** The sizes in the directory of the archive may lie. `unpack` also counts the bytes. */
  private refuseBomb({ fileName, compressedSize, uncompressedSize }: Entry): void {
    const isBomb = uncompressedSize > SMALL_BYTES && uncompressedSize > compressedSize * MAX_RATIO;
    if (!isBomb && uncompressedSize <= MAX_PART_BYTES) return;
    throw tooLarge(this.fileName, fileName);
  }

  private async unpack(entry: Entry): Promise<Uint8Array> {
    const stream = await this.zip.openReadStreamPromise(entry);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      this.readBytes += chunk.length;
      if (bytes > MAX_PART_BYTES || this.readBytes > MAX_BYTES) {
        throw tooLarge(this.fileName, entry.fileName);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

const tooLarge = (fileName: string, path: string) =>
  refused(
    `${fileName} unpacks to far more bytes than a book has (at “${path.slice(0, 100)}”); nothing was imported.`,
  );

function damaged(fileName: string, error: unknown): Error {
  if (error instanceof FabulaError) return error;
  const reason = error instanceof Error ? error.message.replace(/\s+/gu, " ").slice(0, 150) : "";
  return refused(
    `${fileName} is a damaged ZIP archive (${reason}); download or export the file again.`,
  );
}
