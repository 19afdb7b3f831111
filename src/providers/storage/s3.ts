import { openAsBlob } from "node:fs";
import { Readable } from "node:stream";
import { ProviderError } from "../../platform/errors.js";
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
import { noSuchBlob, rangeBeyondEnd } from "./failure.js";
import { type S3Account, S3Client, type S3Request, describeRefusal } from "./s3-request.js";
import { type SpooledFile, Spool } from "./spool.js";
import { wholeStream } from "./whole-stream.js";

/** S3 takes at most 5 GiB in a single PUT. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;
const PARALLEL_DELETES = 8;
const YOUNG_MS = 3_600_000;
/**
 * The date of a blob if the server reports none. With an old date, a sweep could delete a new blob.
 */
const NEVER_OLD = "9999-01-01";

export interface S3StorageOptions extends S3Account {
  /**
   * A local folder that holds a blob until its upload. It is needed because a signed PUT sends the
   * hash of the bytes before the bytes.
   */
  readonly spoolFolder: string;
}

/**
 * Stores blobs as objects of one bucket. A bucket that keeps old versions also keeps erased blobs.
 * The rules of the bucket decide for how long.
 */
export class S3Storage implements BlobStorage {
  private readonly client: S3Client;
  private readonly spool: Spool;

  constructor({ spoolFolder, ...account }: S3StorageOptions) {
    this.client = new S3Client(account);
    this.spool = new Spool(spoolFolder);
  }

  async put(content: BlobContent, { contentType, owner }: PutOptions): Promise<StoredBlob> {
    const prefix = prefixOf(owner);
    const file = await this.spool.write(content);
    const { sizeBytes } = file;
    const key = `${prefix}${file.sha256}`;
    try {
      const stored = await this.facts(key);
      // Upload a blob again if it was stored an hour ago or earlier. The upload renews the blob's
      // date. With an old date, a sweep could delete the blob before a row refers to it.
      const isThere = stored?.sizeBytes === sizeBytes && stored.ageMs < YOUNG_MS;
      if (!isThere) await this.upload(file, key, contentType);
    } finally {
      await this.spool.discard(file.path);
    }
    return { key, sizeBytes };
  }

  async open(key: string, range?: ByteRange): Promise<OpenBlob> {
    if (parseBlobKey(key) === null) throw noSuchBlob(key);
    if (range !== undefined && !isOrdered(range)) throw rangeBeyondEnd(key, range.start);
    const response = await this.get(key, range);
    const given = extentOf(response, key);
    const { sizeBytes } = given;
    const { start, end } = range ? within(range, sizeBytes) : given;
    if (range !== undefined && start >= sizeBytes) {
      await response.body?.cancel();
      throw rangeBeyondEnd(key, start); // some servers answer 206 for an empty blob
    }
    const whole = bodyOf(response);
    const isAsked = given.start === start && given.end === end;
    const body = isAsked ? whole : sliceOf(whole, start, end);
    return { stream: wholeStream(body, key, end - start + 1), sizeBytes, start, end };
  }

  async stat(key: string): Promise<BlobFacts | null> {
    const found = await this.facts(key);
    return found && { sizeBytes: found.sizeBytes, storedAt: found.storedAt };
  }

  async delete(key: string): Promise<void> {
    if (parseBlobKey(key) === null) return;
    const request: S3Request = { method: "DELETE", key };
    const response = await this.client.send(request);
    if (!response.ok && response.status !== 404) throw await describeRefusal(response, request);
    await response.body?.cancel();
  }

  async *list(owner: string): AsyncGenerator<string> {
    for await (const keys of this.pages(prefixOf(owner))) yield* keys;
  }

  async eraseOwner(owner: string): Promise<number> {
    let erased = 0;
    for await (const keys of this.pages(prefixOf(owner))) {
      for (let from = 0; from < keys.length; from += PARALLEL_DELETES) {
        const batch = keys.slice(from, from + PARALLEL_DELETES);
        await Promise.all(batch.map((key) => this.delete(key)));
      }
      erased += keys.length;
    }
    return erased;
  }

  /**
   * Deletes old files in the spool folder. The bucket has no temporary files, because S3 stores a
   * single PUT whole or not at all.
   */
  sweep(olderThan: Date): Promise<number> {
    return this.spool.sweep(olderThan);
  }

  /**
   * Returns the size, the date and the age of a blob. The age is by the clock of the S3 server,
   * which may differ from ours. Returns null if the blob does not exist.
   */
  private async facts(key: string): Promise<(BlobFacts & { readonly ageMs: number }) | null> {
    if (parseBlobKey(key) === null) return null;
    const request: S3Request = { method: "HEAD", key };
    const response = await this.client.send(request);
    if (response.status === 404) return null;
    if (response.status !== 200) throw await describeRefusal(response, request);
    const { headers } = response;
    const storedAt = new Date(headers.get("last-modified") ?? NEVER_OLD);
    const ageMs = Date.parse(headers.get("date") ?? "") - storedAt.getTime();
    return { sizeBytes: extentOf(response, key).sizeBytes, storedAt, ageMs };
  }

  private async get(key: string, range: ByteRange | undefined): Promise<Response> {
    const headers = range && { range: `bytes=${range.start}-${range.end ?? ""}` };
    const request: S3Request = { method: "GET", key, ...(headers && { headers }) };
    const response = await this.client.send(request);
    if (response.status === (range ? 206 : 200)) return response;
    const refusal = await describeRefusal(response, request);
    if (response.status === 404) throw noSuchBlob(key);
    throw range && response.status === 416 ? rangeBeyondEnd(key, range.start) : refusal;
  }

  private async upload(file: SpooledFile, key: string, contentType: string): Promise<void> {
    if (file.sizeBytes > MAX_PUT_BYTES) {
      throw new ProviderError(
        `A blob of ${file.sizeBytes} bytes is larger than S3 takes at once (${MAX_PUT_BYTES} bytes); split it.`,
        false,
      );
    }
    const body = await blobOf(file.path).catch((error: unknown) => {
      throw new ProviderError(`The spooled bytes of ${key} are gone; store them again.`, true, {
        cause: error,
      });
    });
    const request: S3Request = {
      method: "PUT",
      key,
      headers: {
        "content-type": contentType,
        "x-amz-checksum-sha256": Buffer.from(file.sha256, "hex").toString("base64"),
      },
      upload: { body, sha256: file.sha256 },
    };
    const response = await this.client.send(request);
    if (response.status !== 200) throw await describeRefusal(response, request);
    await response.body?.cancel();
    if (isSameContent(response.headers, file)) return;
    await this.delete(key);
    throw new ProviderError(
      `The S3 storage stored other bytes than were sent as ${key}; store them again.`,
      true,
    );
  }

  private async *pages(prefix: string): AsyncGenerator<readonly string[]> {
    let token: string | undefined;
    do {
      const request: S3Request = {
        method: "GET",
        key: "",
        query: { "list-type": "2", prefix, ...(token && { "continuation-token": token }) },
      };
      const response = await this.client.send(request);
      if (response.status !== 200) throw await describeRefusal(response, request);
      const page = await response.text();
      token = textsOf("NextContinuationToken", page)[0];
      yield textsOf("Key", page).filter((key) => parseBlobKey(key) !== null);
    } while (token !== undefined);
  }
}

// openAsBlob throws synchronously if the file does not exist. This async function returns a
// rejected promise instead.
const blobOf = async (path: string): Promise<Blob> => openAsBlob(path);

const isOrdered = ({ start, end = start }: ByteRange): boolean => start >= 0 && end >= start;

/**
 * Returns the positions of the first and the last byte of an answer, and the size of the whole
 * blob. Reads them from Content-Range, or from Content-Length if the answer is a whole blob.
 */
function extentOf({ headers }: Response, key: string) {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "");
  const [start, end, total] = (match ?? []).slice(1).map(Number);
  if (start !== undefined && end !== undefined && total !== undefined) {
    return { start, end, sizeBytes: total };
  }
  const length = headers.get("content-length");
  if (length === null || match !== null) {
    throw new ProviderError(`The S3 storage does not say how long ${key} is.`, false);
  }
  return { start: 0, end: Number(length) - 1, sizeBytes: Number(length) };
}

/**
 * True if the server's checksum equals our checksum, or if the server reports no checksum. After a
 * plain PUT, the ETag is the MD5 of the bytes, except if the server encrypts the blob with KMS.
 */
function isSameContent(headers: Headers, { sha256, md5 }: SpooledFile): boolean {
  const reported = headers.get("x-amz-checksum-sha256");
  if (reported !== null) return Buffer.from(reported, "base64").toString("hex") === sha256;
  const etag = headers.get("etag")?.replaceAll('"', "") ?? "";
  const isMd5 =
    /^[0-9a-f]{32}$/.test(etag) &&
    !(headers.get("x-amz-server-side-encryption") ?? "").startsWith("aws:kms");
  return !isMd5 || etag === md5;
}

/**
 * Returns the text of each element with this name in an answer of ListObjectsV2. A regular
 * expression is enough, because these elements have neither attributes nor CDATA.
 */
function textsOf(element: string, xml: string): string[] {
  const found = xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"));
  return [...found].map((match) =>
    (match[1] ?? "")
      .replaceAll("&quot;", '"')
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replace(/&#x([0-9a-f]{1,6});/gi, (_whole, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      )
      .replaceAll("&amp;", "&"),
  );
}

const bodyOf = ({ body }: Response): Readable =>
  body ? Readable.fromWeb(body) : Readable.from([]);

const within = ({ start, end }: ByteRange, sizeBytes: number) => ({
  start,
  end: Math.min(end ?? sizeBytes - 1, sizeBytes - 1),
});

/**
 * Returns only the bytes that were requested. This is needed because a server may answer a range
 * request with the whole blob (RFC 9110, 14.2).
 */
function sliceOf(whole: Readable, start: number, end: number): Readable {
  return Readable.from(bytesOf(whole, start, end), { objectMode: false });
}

async function* bytesOf(whole: Readable, start: number, end: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of whole as AsyncIterable<Uint8Array>) {
    const slice = chunk.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    at += chunk.length;
    if (slice.length > 0) yield slice;
    if (at > end) return;
  }
}
