import type { Readable } from "node:stream";

/** Bytes, or a stream of bytes. A stream is read once and is never fully in memory. */
export type BlobContent = Uint8Array | AsyncIterable<Uint8Array>;

export interface PutOptions {
  /**
   * The content type that is stored with the blob, for programs that read the storage without this
   * server. When this server sends a blob, it takes the content type from the signed URL instead.
   */
  readonly contentType: string;
  /**
   * The public id of the blob's owner, never `users.id`: at most 64 characters of `[a-z0-9_-]`.
   * Without an owner, the blob is shared by everyone.
   */
  readonly owner?: string | undefined;
}

export interface StoredBlob {
  /**
   * The key that the storage made from the bytes: `shared/<sha256>` or `owned/<owner>/<sha256>`.
   * The hash is written in lower-case hex.
   */
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * Bytes `start` to `end`, both inclusive, as in HTTP. If `end` is absent, the range ends at the
 * last byte.
 */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

export interface OpenBlob {
  /**
   * Returns exactly the bytes from `start` to `end`, or fails with a ProviderError. To stop reading
   * early, destroy the stream.
   */
  readonly stream: Readable;
  /** The size of the whole blob. */
  readonly sizeBytes: number;
  readonly start: number;
  /** The last byte, inclusive. -1 for an empty blob. */
  readonly end: number;
}

export interface BlobFacts {
  readonly sizeBytes: number;
  /**
   * The time when these bytes were last put. Putting the same bytes again renews this time. A
   * storage can leave a time that is less than an hour old unchanged.
   */
  readonly storedAt: Date;
}

/**
 * Stores blobs under keys that it makes from their bytes, so the bytes of a key never change. A
 * string without the form of such a key names no blob. Without this rule, a path or name from a
 * user could reach a disk or a bucket.
 *
 * Every method throws ProviderError if the storage fails. Its `retryable` is true if another try
 * may succeed.
 */
export interface BlobStorage {
  /**
   * Stores a blob. When the promise resolves, the blob is durable. The same bytes stored twice are
   * one blob. An interrupted put leaves at most a temporary file, which `sweep` deletes. If the
   * content's stream fails, `put` throws the error of the stream unchanged.
   */
  put(content: BlobContent, options: PutOptions): Promise<StoredBlob>;
  /**
   * Opens a blob. A range that goes past the end is cut at the end.
   * @throws NotFoundError if the blob does not exist
   * @throws InvalidInputError for a range that begins at or after the end
   */
  open(key: string, range?: ByteRange): Promise<OpenBlob>;
  stat(key: string): Promise<BlobFacts | null>;
  /** Deletes a blob. Does nothing if the blob does not exist. */
  delete(key: string): Promise<void>;
  /** Returns the keys of one owner's blobs, in alphabetical order. */
  list(owner: string): AsyncIterable<string>;
  /** Deletes all blobs of one owner and returns their number. */
  eraseOwner(owner: string): Promise<number>;
  /**
   * Deletes the temporary files of interrupted puts that were last written before `olderThan`.
   * Returns their number.
   */
  sweep(olderThan: Date): Promise<number>;
}
