import { countWords, readingTimeSeconds } from "../analysis/analyser/index.js";
import type { ChapterHeading } from "../reading/chapters/chapters.js";
import { readText } from "../reading/reading.js";

export interface TextMeasures {
  readonly wordCount: number;
  readonly readingTimeSeconds: number;
  readonly chapters: readonly ChapterHeading[];
}

/** Measures a text in its stored form. Only words of the story count. */
export function measureText(text: string): TextMeasures {
  const { clear, chapters } = readText(text);
  const wordCount = countWords(clear.text);
  return {
    wordCount,
    readingTimeSeconds: readingTimeSeconds(wordCount),
    chapters,
  };
}
