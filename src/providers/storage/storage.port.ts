import type { Readable } from "node:stream";

/** Bytes, or a stream of bytes. A stream is read once and is never fully in memory. */
export type BlobContent = Uint8Array | AsyncIterable<Uint8Array>;

export interface PutOptions {
  /**
   * Stored for programs that read the storage without this server. This server's responses get the
   * content type from the signed URL instead.
   */
  readonly contentType: string;
  /**
   * The blob's owner: an opaque public name of `[a-z0-9_-]`, at most 64 characters, never
   * `users.id`. A blob without an owner is shared by everyone.
   */
  readonly owner?: string | undefined;
}

export interface StoredBlob {
  /**
   * The storage makes the key from the bytes: `shared/<sha256>` or `owned/<owner>/<sha256>`, in
   * lower-case hex.
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
   * Ends after exactly the bytes from `start` to `end`, or fails with a ProviderError. Destroy the
   * stream to stop early.
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
   * The time of the last put of these bytes. A put of bytes that are already stored renews this
   * time.
   */
  readonly storedAt: Date;
}

/**
 * Blobs with keys made from their content. The storage makes each key, and the bytes of a key never
 * change. A string that no storage made names no blob. So a path or name from a user never reaches
 * a disk or a bucket.
 *
 * Every method throws ProviderError when the storage fails; `retryable` says whether to try again.
 */
export interface BlobStorage {
  /**
   * Stores a blob. When the promise resolves, the blob is durable. The same bytes stored twice are
   * one blob. An interrupted put leaves at most a temporary file for `sweep`. If the content's
   * stream fails, `put` throws the error of the stream unchanged.
   */
  put(content: BlobContent, options: PutOptions): Promise<StoredBlob>;
  /**
   * Opens a blob. A range that goes past the end is cut at the end.
   * @throws NotFoundError
   * @throws InvalidInputError for a range that begins at or after the end
   */
  open(key: string, range?: ByteRange): Promise<OpenBlob>;
  stat(key: string): Promise<BlobFacts | null>;
  /** Deletes a blob. Does nothing if the blob does not exist. */
  delete(key: string): Promise<void>;
  /** Returns the keys of one owner's blobs, in order. */
  list(owner: string): AsyncIterable<string>;
  /** Deletes all blobs of one owner and returns their number. */
  eraseOwner(owner: string): Promise<number>;
  /**
   * Deletes the temporary files that interrupted puts left before `olderThan`, and returns their
   * number.
   */
  sweep(olderThan: Date): Promise<number>;
}
