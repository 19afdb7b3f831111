import type { JoinPlan } from "../../../audio/join.js";
import { AudioFormat, type SoundFacts } from "../../../audio/files/sound-file.js";
import type { ChapterMark, UntimedSegment } from "../../../audio/files/timings.js";
import type { StoredBlob } from "../../../providers/storage/storage.port.js";
import type { StorageSettings } from "./storage-settings.js";

/** Blobs in, blobs out, so that a book never crosses between threads. */
interface StepInput {
  readonly storage: StorageSettings;
  /** Name of the owner in blob keys. */
  readonly owner: string;
  readonly title: string;
  /** Shared by all steps; not 0 once they are to stop. A thread that is killed leaves half a file. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** A segment's sound, and how it stands in the whole. */
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
  /** What the ceiling of the peaks takes of its gain. */
  readonly missedGainDb: number;
}

export interface PlannedSound {
  readonly plan: JoinPlan;
  readonly facts: SoundFacts;
  readonly files: Readonly<Record<"captions" | "timings", StoredBlob>>;
  readonly durationMs: number;
  /** How each segment stands in the whole, in order. */
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

/** What runs in threads. */
export interface JoinSteps {
  /** Measures the segments, and stores captions and timings. */
  plan(input: PlanInput): Promise<PlannedSound>;
  /** Encodes and stores the whole in some formats; the bytes do not depend on which others. */
  encode(input: EncodeInput): Promise<EncodedSound>;
  /** How many steps run at once. None waits for another, so one does as well. */
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
/** mp3 takes as long as both others. Two threads join the sound twice, a twentieth of the work. */
const APART = [[Mp3], [Opus, Wav]];

/**
 * Plans the whole, then encodes it. The files are the same whatever the threads.
 * @throws the signal's reason once it is aborted; then, and after a failure, no step goes on
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
    const encoded = await allOrNone(encodings, stopAll);
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

/** @throws the first failure, once all have ended */
async function allOrNone<T>(works: readonly Promise<T>[], stopAll: () => void): Promise<T[]> {
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
