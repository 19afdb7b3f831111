import { PassThrough } from "node:stream";
import { webVtt } from "../audio/captions.js";
import type { Chapter } from "../audio/id3.js";
import { type JoinPart, joinParts, planJoin } from "../audio/join.js";
import {
  AudioFormat,
  MEDIA_TYPES,
  type SoundEncoder,
  type SoundFacts,
  createSoundEncoder,
} from "../audio/sound-encoder.js";
import { type ChapterMark, type UntimedSegment, timingsOf } from "../audio/timings.js";
import { parseWav } from "../audio/wav.js";
import type { StorageSettings } from "../instances/index.js";
import { DiskStorage } from "../providers/storage/disk.js";
import { S3Storage } from "../providers/storage/s3.js";
import type { BlobStorage, StoredBlob } from "../providers/storage/storage.port.js";

/** A narration to join: blobs in, blobs out, so that a book never crosses between threads. */
export interface JoinInput {
  readonly storage: StorageSettings;
  /** Name of the owner in blob keys. */
  readonly owner: string;
  readonly title: string;
  readonly chapters: readonly ChapterMark[];
  readonly segments: readonly (UntimedSegment & {
    readonly blobKey: string;
    readonly gainDb: number;
    readonly pauseAfterMs: number;
  })[];
}

export interface JoinOutput {
  readonly files: Readonly<Record<AudioFormat | "captions" | "timings", StoredBlob>>;
  readonly durationMs: number;
  readonly loudnessLufs: number;
  readonly chapters: readonly Chapter[];
  /** When each segment begins, in order. */
  readonly startsMs: readonly number[];
}

const FORMATS = Object.values(AudioFormat);

/** A worker thread's entry: joins, encodes and stores a narration, one segment in memory at a time. */
export async function joinNarration(input: JoinInput): Promise<JoinOutput> {
  const storage = storageOf(input.storage);
  const parts = input.segments.map((segment) => partOf(storage, segment));
  const plan = await planJoin(parts);
  const timings = timingsOf(plan, input.segments, input.chapters);
  const facts: SoundFacts = {
    sampleRate: plan.sampleRate,
    sampleCount: plan.sampleCount,
    title: input.title,
    chapters: timings.chapters,
  };
  const { owner } = input;
  const sound = await encodeAll(facts, joinParts(parts, plan), (format, bytes) =>
    storage.put(bytes, { contentType: MEDIA_TYPES[format], owner }),
  );
  const store = (text: string, contentType: string) =>
    storage.put(new TextEncoder().encode(text), { contentType, owner });
  return {
    files: {
      ...sound.files,
      captions: await store(webVtt(timings), "text/vtt"),
      timings: await store(JSON.stringify(timings), "application/json"),
    },
    durationMs: timings.durationMs,
    loudnessLufs: sound.loudnessLufs,
    chapters: timings.chapters,
    startsMs: timings.segments.map(({ startMs }) => startMs),
  };
}

function storageOf(settings: StorageSettings): BlobStorage {
  return settings.kind === "disk" ? new DiskStorage(settings) : new S3Storage(settings);
}

function partOf(
  storage: BlobStorage,
  { blobKey, gainDb, pauseAfterMs }: JoinInput["segments"][number],
): JoinPart {
  return {
    gainDb,
    pauseAfterMs,
    load: async () => {
      const { stream } = await storage.open(blobKey);
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk as Uint8Array);
      return parseWav(Buffer.concat(chunks));
    },
  };
}

interface Output {
  readonly format: AudioFormat;
  readonly pipe: PassThrough;
  readonly stored: Promise<StoredBlob>;
  readonly encoder: SoundEncoder;
}

/** Encodes one stream of sound into every format at once, at the pace of the slowest. */
async function encodeAll(
  facts: SoundFacts,
  sound: AsyncGenerator<Float32Array, { readonly loudnessLufs: number }>,
  put: (format: AudioFormat, bytes: AsyncIterable<Uint8Array>) => Promise<StoredBlob>,
): Promise<Pick<JoinOutput, "loudnessLufs"> & { files: Record<AudioFormat, StoredBlob> }> {
  const outputs = await Promise.all(
    FORMATS.map(async (format): Promise<Output> => {
      const encoder = await createSoundEncoder(format, facts);
      const pipe = new PassThrough();
      // A pipe that is destroyed while nobody writes to it has nobody to tell.
      pipe.on("error", () => undefined);
      const stored = put(format, pipe);
      stored.catch((error: unknown) => pipe.destroy(error as Error));
      return { format, pipe, stored, encoder };
    }),
  );
  try {
    const loudnessLufs = await encodeInto(outputs, sound);
    const files = await Promise.all(
      outputs.map(async ({ format, stored }) => [format, await stored]),
    );
    return { loudnessLufs, files: Object.fromEntries(files) as Record<AudioFormat, StoredBlob> };
  } catch (error) {
    // Each put ends, and takes its temporary file with it.
    for (const { pipe } of outputs) pipe.destroy(error as Error);
    await Promise.allSettled(outputs.map(({ stored }) => stored));
    throw error;
  }
}

async function encodeInto(
  outputs: readonly Output[],
  sound: AsyncGenerator<Float32Array, { readonly loudnessLufs: number }>,
): Promise<number> {
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
  return step.value.loudnessLufs;
}

/** Waits while the storage is behind. @throws what the storage failed with */
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
  // The storage stopped reading: what follows would be encoded for nobody.
  if (pipe.destroyed) await stored;
}
