import type { JoinPlan } from "./join.js";

export const TIMINGS_VERSION = 1;

/** A word in the joined sound; `start` and `end` are UTF-16 offsets into its segment's text. */
export interface TimedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface TimedSegment {
  readonly id: string;
  readonly text: string;
  readonly speaker: string | null;
  /** UTF-16 offsets into the story's text; null where the text is not the story's. */
  readonly story: { readonly start: number; readonly end: number } | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly TimedWord[];
}

/** When everything is said. Never changes once it is written: another rendering has another document. */
export interface TimingsDocument {
  readonly version: typeof TIMINGS_VERSION;
  readonly durationMs: number;
  readonly segments: readonly TimedSegment[];
}

/** A segment before joining: its words count from the start of its own sound. */
export interface UntimedSegment extends Pick<TimedSegment, "id" | "text" | "speaker" | "story"> {
  readonly words: readonly {
    readonly text: string;
    readonly charStart: number;
    readonly charEnd: number;
    readonly startMs: number;
    readonly endMs: number;
  }[];
}

/** `segments` are the plan's parts, in order. Whole milliseconds; words never leave their segment. */
export function timingsOf(plan: JoinPlan, segments: readonly UntimedSegment[]): TimingsDocument {
  const ms = (sample: number) => Math.round((sample / plan.sampleRate) * 1000);
  return {
    version: TIMINGS_VERSION,
    durationMs: ms(plan.sampleCount),
    segments: segments.map(({ id, text, speaker, story, words }, index) => {
      const part = plan.parts[index];
      if (!part) throw new Error(`The plan has no part for segment ${id}.`);
      const startMs = ms(part.startSample);
      const endMs = ms(part.endSample);
      // Named one by one: whoever joins knows more of a segment than readers may, such as its blob's key.
      return { id, text, speaker, story, startMs, endMs, words: placed(words, startMs, endMs) };
    }),
  };
}

function placed(
  words: UntimedSegment["words"],
  startMs: number,
  endMs: number,
): readonly TimedWord[] {
  let last = startMs;
  const place = (ms: number) => {
    last = Math.min(endMs, Math.max(last, startMs + Math.round(ms)));
    return last;
  };
  return words.map((word) => ({
    text: word.text,
    start: word.charStart,
    end: word.charEnd,
    startMs: place(word.startMs),
    endMs: place(word.endMs),
  }));
}
