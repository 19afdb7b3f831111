import { countWords, readingTimeSeconds } from "../analysis/analyser/index.js";
import { type ChapterHeading, findChapters } from "./chapters.js";

export interface TextMeasures {
  readonly wordCount: number;
  readonly readingTimeSeconds: number;
  readonly chapters: readonly ChapterHeading[];
}

/** Measures a text in its stored form. */
export function measureText(text: string): TextMeasures {
  const wordCount = countWords(text);
  return {
    wordCount,
    readingTimeSeconds: readingTimeSeconds(wordCount),
    chapters: findChapters(text),
  };
}
