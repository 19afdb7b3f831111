import { type Readable, Transform, type TransformCallback } from "node:stream";
import { ProviderError } from "../../platform/errors.js";

/**
 * `source`, failing unless it yields exactly `sizeBytes`: a blob that is deleted or cut under its
 * reader must not pass for a shorter one. Destroying the result destroys the source.
 */
export function wholeStream(source: Readable, key: string, sizeBytes: number): Readable {
  let seenBytes = 0;
  const brokeOff = (cause?: unknown) =>
    new ProviderError(
      `Blob ${key} broke off after ${seenBytes} of ${sizeBytes} bytes; read it again.`,
      true,
      { cause },
    );
  const checked = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      seenBytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      done(seenBytes === sizeBytes ? null : brokeOff());
    },
    destroy(error, done) {
      source.destroy();
      done(error);
    },
  });
  source.on("error", (error) => checked.destroy(brokeOff(error)));
  return source.pipe(checked);
}
