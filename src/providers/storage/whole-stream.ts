import { type Readable, Transform, type TransformCallback } from "node:stream";
import { ProviderError } from "../../platform/errors.js";

/**
 * Returns a stream with the bytes of `source`. The stream fails if `source` does not have exactly
 * `sizeBytes` bytes. Without this check, a blob that is deleted or truncated during a read would
 * look like a shorter blob. Destroying the result destroys the source.
 */
export function wholeStream(source: Readable, key: string, sizeBytes: number): Readable {
  let seenBytes = 0;
  const incomplete = (cause?: unknown) =>
    new ProviderError(
      `Blob ${key} ended after ${seenBytes} of ${sizeBytes} bytes; read it again.`,
      true,
      { cause },
    );
  const checked = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      seenBytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      done(seenBytes === sizeBytes ? null : incomplete());
    },
    destroy(error, done) {
      source.destroy();
      done(error);
    },
  });
  source.on("error", (error) => checked.destroy(incomplete(error)));
  return source.pipe(checked);
}
