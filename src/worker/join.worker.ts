import { writeWebVtt } from "../audio/files/captions.js";
import { type JoinPart, joinParts, planJoin } from "../audio/join.js";
import { MEDIA_TYPES } from "../audio/files/sound-file.js";
import { buildTimings } from "../audio/files/timings.js";
import { parseWav } from "../audio/signal/wav-reader.js";
import type { EncodeInput, EncodedSound, PlanInput, PlannedSound } from "../instances/index.js";
import { returnExpectedFailures } from "../platform/threads/thread-failure.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";
import { encodeFiles } from "./encode-files.js";
import { storageOf } from "./storage.js";

/**
 * Plans the joined sound of a narration, and stores captions and timings. Keeps one segment in memory
 * at a time.
 */
export async function planNarration(input: PlanInput): Promise<PlannedSound> {
  const { owner, title, segments } = input;
  const storage = storageOf(input.storage);
  const plan = await planJoin(partsOf(storage, input));
  const timings = buildTimings(plan, segments, input.chapters);
  const { durationMs, chapters } = timings;
  const store = (text: string, contentType: string) =>
    storage.put(new TextEncoder().encode(text), { contentType, owner });
  return {
    plan,
    facts: { sampleRate: plan.sampleRate, sampleCount: plan.sampleCount, title, chapters },
    files: {
      captions: await store(writeWebVtt(timings), "text/vtt"),
      timings: await store(JSON.stringify(timings), "application/json"),
    },
    durationMs,
    placed: timings.segments.map(({ startMs }, index) => ({
      startMs,
      missedGainDb: plan.parts[index]?.missedDb ?? 0,
    })),
  };
}

/** Joins, encodes and stores a planned narration. Keeps one segment in memory at a time. */
export async function encodeNarration(input: EncodeInput): Promise<EncodedSound> {
  const { owner, facts, formats } = input;
  const storage = storageOf(input.storage);
  const sound = joinParts(partsOf(storage, input), input.plan);
  const { files, result: loudnessLufs } = await encodeFiles(
    formats,
    { facts, sound },
    (format, bytes) => storage.put(bytes, { contentType: MEDIA_TYPES[format], owner }),
  );
  return { files, loudnessLufs };
}

/** The functions that the worker thread calls. */
export const planInThread = returnExpectedFailures(planNarration);
export const encodeInThread = returnExpectedFailures(encodeNarration);

function partsOf(
  storage: BlobStorage,
  { segments, stop }: Pick<EncodeInput, "segments" | "stop">,
): readonly JoinPart[] {
  return segments.map(({ blobKey, gainDb, pauseAfterMs }) => ({
    gainDb,
    pauseAfterMs,
    load: async () => {
      if (Atomics.load(stop, 0) !== 0) throw new Error("The join was stopped.");
      const { stream } = await storage.open(blobKey);
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk as Uint8Array);
      return parseWav(Buffer.concat(chunks));
    },
  }));
}
