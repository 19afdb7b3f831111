import { countMatches } from "./count-matches.js";

/**
 * The speed of silent reading of English fiction and non-fiction. Source: Brysbaert (2019), How
 * many words do we read per minute?
 */
const WORDS_PER_MINUTE = 238;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

export function countWords(text: string): number {
  return countMatches(text, WORD);
}

export function readingTimeSeconds(words: number): number {
  return Math.ceil((words / WORDS_PER_MINUTE) * 60);
}
