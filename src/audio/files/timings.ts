import type { Chapter } from "./id3.js";
import type { JoinPlan } from "../join.js";
import type { ShownEdit } from "./shown-text.js";

/** Version 2 added speaker names and chapters. */
export const TIMINGS_VERSION = 2;

/**
 * A word in a sound. `start` and `end` are UTF-16 offsets into the text of the word's segment. `text` is the
 * word without apparatus, so it can differ from this part of the text.
 */
export interface TimedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A character who speaks. `id` is the character's id in the analysis. No other speaker has the same
 * name.
 */
export interface Speaker {
  readonly id: string;
  readonly name: string;
}

export interface TimedSegment {
  /** The segment's index in the script, written as a decimal number. */
  readonly id: string;
  readonly text: string;
  /** Null for narration, and for dialogue with an unknown speaker. */
  readonly speaker: Speaker | null;
  /**
   * The place of the segment in the story's text, as UTF-16 offsets. Null if the segment's text is
   * not from the story.
   */
  readonly story: { readonly start: number; readonly end: number } | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly TimedWord[];
  /**
   * The parts of the text that a reader does not see, or sees in another form, for example a footnote mark or a
   * hyphen at a line's end. Absent if there are none.
   */
  readonly apparatus?: readonly ShownEdit[];
}

/**
 * The times of all segments and words. A stored document never changes. Another render stores a new
 * document.
 */
export interface TimingsDocument {
  readonly version: typeof TIMINGS_VERSION;
  readonly durationMs: number;
  /**
   * The chapters in order. The first chapter starts at 0. Each chapter ends where the next chapter
   * starts, and the last chapter ends with the sound.
   */
  readonly chapters: readonly Chapter[];
  readonly segments: readonly TimedSegment[];
}

/**
 * A chapter before joining, when its times are not known. `segment` is the index of the chapter's
 * first segment.
 */
export interface ChapterMark {
  readonly title: string;
  readonly segment: number;
}

/** A segment before joining. The times of its words count from the start of the segment's sound. */
export interface UntimedSegment extends Pick<TimedSegment, "id" | "text" | "speaker" | "story"> {
  readonly words: readonly TimedWord[];
  readonly apparatus?: readonly ShownEdit[];
}

/**
 * Builds the timings of a joined narration. `segments` must contain one segment for each part of
 * the plan, in the same order. Times are whole milliseconds. The times of a word stay inside the
 * times of its segment.
 */
export function buildTimings(
  plan: JoinPlan,
  segments: readonly UntimedSegment[],
  chapters: readonly ChapterMark[],
): TimingsDocument {
  const ms = (sample: number) => Math.round((sample / plan.sampleRate) * 1000);
  const durationMs = ms(plan.sampleCount);
  const timed = segments.map(({ id, text, speaker, story, words, apparatus = [] }, index) => {
    const part = plan.parts[index];
    if (!part) throw new Error(`The plan has no part for segment ${id}.`);
    const startMs = ms(part.startSample);
    const endMs = ms(part.endSample);
    // Copy the fields one by one: the caller's segments have other fields too, such as a blob's
    // key, which must not get into the document.
    return {
      ...{ id, text, speaker, story, startMs, endMs },
      words: placed(words, startMs, endMs),
      ...(apparatus.length > 0 ? { apparatus } : {}),
    };
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
