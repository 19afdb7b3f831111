import { SENTENCE_STARTERS } from "./tables/words.js";

/** True if only closing marks follow up to the end of the text. */
export const endsText = (after: string) => /^["'”’»)\]*_]*\s*$/.test(after);

/** Returns the next word and the marks before it, or null if another mark or nothing follows. */
const nextWord = (after: string) =>
  /^["'”’»)\]*_]*\s+["'“‘«([*_]*(?<word>[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*)/u.exec(after)?.groups?.[
    "word"
  ] ?? null;

/** True if a capitalised word or the end of the text follows, so that a stop there ends a sentence. */
export function endsSentence(after: string): boolean {
  return endsText(after) || /^\p{Lu}/u.test(nextWord(after) ?? "");
}

/** True if a sentence begins, to judge by the next word. `He` begins sentences, `Vane` may be a name. */
export function beginsSentence(after: string): boolean {
  return endsText(after) || SENTENCE_STARTERS.has(nextWord(after) ?? "");
}

/** True if a name follows, to judge by its capital or its initial: `Vane`, `A. Vane`. */
export const isName = (after: string) =>
  /^\s+["'“‘]?\p{Lu}/u.test(after) && (!beginsSentence(after) || /^\s+\p{Lu}\./u.test(after));

/** Returns the word before a place, without marks, or an empty string at the beginning of a text or clause. */
export function lastWord(before: string): string {
  const word =
    /(?<word>[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*)\s+$/u.exec(before)?.groups?.["word"] ?? "";
  return ENDED_NUMERAL.test(word) ? "" : word;
}

/** A numeral that ends a sentence: `Super Bowl LIV. Rocky II.` */
const ENDED_NUMERAL = /^[IVXLC]{2,}\.$/;

export const isCapitalised = (word: string) => /^\p{Lu}/u.test(word);

/** Writes the first letter of a text as a capital if the first letter of the model is one. */
export function inCaseOf(model: string, said: string): string {
  return isCapitalised(model) ? said.charAt(0).toUpperCase() + said.slice(1) : said;
}
