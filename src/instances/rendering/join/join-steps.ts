import type { JoinPlan } from "../../../audio/join.js";
import { AudioFormat, type SoundFacts } from "../../../audio/files/sound-file.js";
import type { ChapterMark, UntimedSegment } from "../../../audio/files/timings.js";
import type { StoredBlob } from "../../../providers/storage/storage.port.js";
import type { StorageSettings } from "./storage-settings.js";

/**
 * The input of every step. A step reads and writes blobs itself, so a book's sound is never passed
 * between threads.
 */
interface StepInput {
  readonly storage: StorageSettings;
  /** The name of the owner in blob keys. */
  readonly owner: string;
  readonly title: string;
  /**
   * All steps of one join share this number in memory. A step stops as soon as the number is not 0. The
   * threads are not killed, because a killed thread leaves half a file.
   */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** A segment's sound, with its gain and pause in the joined sound. */
export interface SoundPart {
  readonly blobKey: string;
  readonly gainDb: number;
  readonly pauseAfterMs: number;
}

export interface PlanInput extends StepInput {
  readonly chapters: readonly ChapterMark[];
  readonly segments: readonly (UntimedSegment & SoundPart)[];
}

export interface PlacedSegment {
  readonly startMs: number;
  /** The part of the requested gain that the limit for peaks prevents, in dB. */
  readonly missedGainDb: number;
}

export interface PlannedSound {
  readonly plan: JoinPlan;
  readonly facts: SoundFacts;
  readonly files: Readonly<Record<"captions" | "timings", StoredBlob>>;
  readonly durationMs: number;
  /** The start and the missed gain of each segment in the joined sound, in order. */
  readonly placed: readonly PlacedSegment[];
}

export interface EncodeInput extends StepInput {
  readonly segments: readonly SoundPart[];
  readonly plan: JoinPlan;
  readonly facts: SoundFacts;
  readonly formats: readonly AudioFormat[];
}

export interface EncodedSound {
  readonly files: Readonly<Partial<Record<AudioFormat, StoredBlob>>>;
  readonly loudnessLufs: number;
}

/** The steps of joining that run in threads. */
export interface JoinSteps {
  /** Measures the segments, and stores captions and timings. */
  plan(input: PlanInput): Promise<PlannedSound>;
  /**
   * Encodes and stores the joined sound in `formats`. The bytes of a file do not depend on the other
   * formats.
   */
  encode(input: EncodeInput): Promise<EncodedSound>;
  /**
   * The number of steps that can run at the same time. One thread is enough, because no running step
   * waits for another step.
   */
  readonly threads: number;
}

/** A narration to join. */
export type JoinInput = Omit<PlanInput, "stop">;

export interface JoinOutput extends Pick<PlannedSound, "durationMs" | "placed"> {
  readonly files: Readonly<Record<AudioFormat | "captions" | "timings", StoredBlob>>;
  readonly loudnessLufs: number;
  readonly chapters: SoundFacts["chapters"];
}

const { Mp3, Opus, Wav } = AudioFormat;
const TOGETHER = [[Mp3, Opus, Wav]];
/**
 * The formats that each of two threads encodes. mp3 takes as long as Opus and WAV together, so the two
 * threads end at about the same time. Each thread joins the sound itself, because joining is only a
 * twentieth of the work.
 */
const APART = [[Mp3], [Opus, Wav]];

/**
 * Plans the joined sound, then encodes it. The files do not depend on the number of threads. After an
 * abort or a failure, all steps stop.
 * @throws the signal's reason after an abort
 */
export async function joinInSteps(
  input: JoinInput,
  steps: JoinSteps,
  signal: AbortSignal,
): Promise<JoinOutput> {
  signal.throwIfAborted();
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const stopAll = (): void => void Atomics.store(stop, 0, 1);
  signal.addEventListener("abort", stopAll);
  try {
    const { plan, facts, files, ...times } = await steps.plan({ ...input, stop });
    const segments = input.segments.map(soundOf);
    const encodings = (steps.threads > 1 ? APART : TOGETHER).map((formats) =>
      steps.encode({ ...input, segments, plan, facts, formats, stop }),
    );
    const encoded = await awaitAllOrStop(encodings, stopAll);
    return {
      files: Object.assign({}, files, ...encoded.map((each) => each.files)) as JoinOutput["files"],
      ...times,
      chapters: facts.chapters,
      loudnessLufs: encoded[0]?.loudnessLufs ?? -Infinity,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stopAll);
  }
}

/**
 * Waits for all promises. If one of them fails, calls `stopAll` and waits until all the others have
 * ended.
 * @throws the first failure
 */
async function awaitAllOrStop<T>(works: readonly Promise<T>[], stopAll: () => void): Promise<T[]> {
  try {
    return await Promise.all(works);
  } catch (error) {
    stopAll();
    await Promise.allSettled(works);
    throw error;
  }
}

const soundOf = ({ blobKey, gainDb, pauseAfterMs }: SoundPart): SoundPart => ({
  blobKey,
  gainDb,
  pauseAfterMs,
});
