import type { Chapter } from "./id3.js";
import type { JoinPlan } from "../join.js";

/** 2: speakers have names, and there are chapters. */
export const TIMINGS_VERSION = 2;

/** A word in a sound; `start` and `end` are UTF-16 offsets into its segment's text. */
export interface TimedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Who says something: the character's id within its analysis, and a name that no other has. */
export interface Speaker {
  readonly id: string;
  readonly name: string;
}

export interface TimedSegment {
  /** Its index in the script, in decimal. */
  readonly id: string;
  readonly text: string;
  /** null for narration, and where nobody knows. */
  readonly speaker: Speaker | null;
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
  /** In order, the first from 0 on, each up to the next. */
  readonly chapters: readonly Chapter[];
  readonly segments: readonly TimedSegment[];
}

/** A chapter before joining: it begins with its first segment, an index. */
export interface ChapterMark {
  readonly title: string;
  readonly segment: number;
}

/** A segment before joining: its words count from the start of its own sound. */
export interface UntimedSegment extends Pick<TimedSegment, "id" | "text" | "speaker" | "story"> {
  readonly words: readonly TimedWord[];
}

/** `segments` are the plan's parts, in order. Whole milliseconds; words never leave their segment. */
export function buildTimings(
  plan: JoinPlan,
  segments: readonly UntimedSegment[],
  chapters: readonly ChapterMark[],
): TimingsDocument {
  const ms = (sample: number) => Math.round((sample / plan.sampleRate) * 1000);
  const durationMs = ms(plan.sampleCount);
  const timed = segments.map(({ id, text, speaker, story, words }, index) => {
    const part = plan.parts[index];
    if (!part) throw new Error(`The plan has no part for segment ${id}.`);
    const startMs = ms(part.startSample);
    const endMs = ms(part.endSample);
    // Named one by one: whoever joins knows more of a segment than readers may, such as its blob's key.
    return { id, text, speaker, story, startMs, endMs, words: placed(words, startMs, endMs) };
  });
  const startOf = ({ segment }: ChapterMark, index: number): number =>
    index === 0 ? 0 : (timed[segment]?.startMs ?? durationMs);
  return {
    version: TIMINGS_VERSION,
    durationMs,
    chapters: chapters.map((chapter, index) => {
      const next = chapters[index + 1];
      const endMs = next ? startOf(next, index + 1) : durationMs;
      return { title: chapter.title, startMs: startOf(chapter, index), endMs };
    }),
    segments: timed,
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
  return words.map(({ text, start, end, ...word }) => ({
    ...{ text, start, end },
    startMs: place(word.startMs),
    endMs: place(word.endMs),
  }));
}
