import { PassThrough } from "node:stream";
import { createSoundEncoder } from "../audio/files/sound-encoder.js";
import type { AudioFormat, SoundEncoder, SoundFacts } from "../audio/files/sound-file.js";
import type { StoredBlob } from "../providers/storage/storage.port.js";

interface Output {
  readonly format: AudioFormat;
  readonly pipe: PassThrough;
  readonly stored: Promise<StoredBlob>;
  readonly encoder: SoundEncoder;
}

type Put = (format: AudioFormat, bytes: AsyncIterable<Uint8Array>) => Promise<StoredBlob>;

interface EncodedFiles<Result> {
  readonly files: Readonly<Partial<Record<AudioFormat, StoredBlob>>>;
  /** The return value of the sound's generator. */
  readonly result: Result;
}

/**
 * Encodes one stream of sound into several formats at the same time. The slowest format determines the
 * speed. If anything fails, every `put` fails.
 */
export async function encodeFiles<Result>(
  formats: readonly AudioFormat[],
  {
    facts,
    sound,
  }: { readonly facts: SoundFacts; readonly sound: AsyncGenerator<Float32Array, Result> },
  put: Put,
): Promise<EncodedFiles<Result>> {
  const outputs = await Promise.all(
    formats.map(async (format): Promise<Output> => {
      const encoder = await createSoundEncoder(format, facts);
      const pipe = new PassThrough();
      // A pipe that is destroyed between two writes emits an error. Without this listener, the error
      // would end the process.
      pipe.on("error", () => undefined);
      const stored = put(format, pipe);
      stored.catch((error: unknown) => pipe.destroy(error as Error));
      return { format, pipe, stored, encoder };
    }),
  );
  try {
    const result = await encodeInto(outputs, sound);
    const files = await Promise.all(
      outputs.map(async ({ format, stored }) => [format, await stored] as const),
    );
    return { files: Object.fromEntries(files), result };
  } catch (error) {
    // Destroying the pipe ends each put, and each put deletes its temporary file.
    for (const { pipe } of outputs) pipe.destroy(error as Error);
    await Promise.allSettled(outputs.map(({ stored }) => stored));
    throw error;
  }
}

async function encodeInto<Result>(
  outputs: readonly Output[],
  sound: AsyncGenerator<Float32Array, Result>,
): Promise<Result> {
  for (const output of outputs) await write(output, output.encoder.header());
  let step = await sound.next();
  while (!step.done) {
    const { value } = step;
    for (const output of outputs) await write(output, output.encoder.encode(value));
    step = await sound.next();
  }
  for (const output of outputs) {
    await write(output, output.encoder.finish());
    output.pipe.end();
  }
  return step.value;
}

/**
 * Writes bytes. Waits while the storage is slower than the encoder.
 * @throws the error of the storage
 */
async function write({ pipe, stored }: Output, bytes: Uint8Array): Promise<void> {
  if (bytes.length > 0 && !pipe.destroyed && !pipe.write(bytes)) {
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        pipe.off("drain", resume).off("close", resume);
        resolve();
      };
      pipe.on("drain", resume).on("close", resume);
    });
  }
  // The storage stopped reading. Throw its error, so that no more sound is encoded.
  if (pipe.destroyed) await stored;
}
