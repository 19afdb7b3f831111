import type { Readable } from "node:stream";

/** Bytes, or a stream of them that is read once and never held whole. */
export type BlobContent = Uint8Array | AsyncIterable<Uint8Array>;

export interface PutOptions {
  /** For those who read the storage without this server; what is served is said by the signed URL. */
  readonly contentType: string;
  /**
   * Whose blob it is: an opaque public name of `[a-z0-9_-]`, at most 64 long, never `users.id`.
   * Without one the blob is shared by everyone.
   */
  readonly owner?: string | undefined;
}

export interface StoredBlob {
  /** Made here from the bytes: `shared/<sha256>` or `owned/<owner>/<sha256>`, in lower-case hex. */
  readonly key: string;
  readonly sizeBytes: number;
}

/** Bytes `start` to `end`, both inclusive, as in HTTP; without an `end`, to the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

export interface OpenBlob {
  /** Ends after exactly the bytes promised, or fails with a ProviderError. Destroy it to stop early. */
  readonly stream: Readable;
  /** Of the whole blob. */
  readonly sizeBytes: number;
  readonly start: number;
  /** Inclusive; -1 for an empty blob. */
  readonly end: number;
}

export interface BlobFacts {
  readonly sizeBytes: number;
  /** When its bytes were last put, also where they were there already. */
  readonly storedAt: Date;
}

/**
 * Blobs named by their content. A key is made by the storage and its bytes never change; whatever
 * is not such a key names nothing, so no path or name of a user's reaches a disk or a bucket.
 *
 * Every method throws ProviderError when the storage fails; `retryable` says whether to try again.
 */
export interface BlobStorage {
  /**
   * Durable once it resolves; the same bytes twice are one blob. A put that is cut off leaves at
   * most a temporary file for `sweep`. An error of the content's own stream is passed on as it is.
   */
  put(content: BlobContent, options: PutOptions): Promise<StoredBlob>;
  /**
   * A range that goes past the end is cut there.
   * @throws NotFoundError
   * @throws InvalidInputError for a range that begins at or after the end
   */
  open(key: string, range?: ByteRange): Promise<OpenBlob>;
  stat(key: string): Promise<BlobFacts | null>;
  /** A blob that is not there is deleted already. */
  delete(key: string): Promise<void>;
  /** The keys of one owner's blobs, in order. */
  list(owner: string): AsyncIterable<string>;
  /** Deletes all blobs of one owner and says how many there were. */
  eraseOwner(owner: string): Promise<number>;
  /** Deletes what cut-off puts left behind before `olderThan` and says how many there were. */
  sweep(olderThan: Date): Promise<number>;
}
