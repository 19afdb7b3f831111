import type { Span } from "../document.js";
import { ABBREVIATIONS } from "../lexicon/honorifics.js";
import { wordSet } from "../lexicon/word-list.js";

/** More words whose full stop does not end a sentence. */
const SHORT_WORDS = wordSet(
  "lt maj cmdr cdr cpl pvt adm gov sen rep pres supt insp det fr bro mt ft vs cf ca viz approx dept univ bros",
);
/** Words whose full stop does not end a sentence before a number: No. 7, p. 44. */
const BEFORE_NUMBERS = wordSet(
  "no nos nr p pp pg vol vols ch chap fig figs art sec sect par op ed bk ver lot rm ext tel jan feb mar apr jun jul",
  "aug sep sept oct nov dec",
);
const LAST_WORD = /(?<![\p{L}'’])(\p{L}+)\.\s*$/u;
const OPENS_NUMBER = /^(?:\p{N}|[IVXLC]+\b)/u;
const OPENS_LOWER = /^[^\p{L}\p{N}]*\p{Ll}/u;
/**
 * How many characters at the end of a sentence are searched for its last word. A longer search
 * would take quadratic time for a book on one line.
 */
const TAIL_LENGTH = 40;

let segmenters: Map<string, Intl.Segmenter> | undefined;

function segmenterOf(language: string): Intl.Segmenter {
  segmenters ??= new Map();
  const known = segmenters.get(language);
  if (known !== undefined) return known;
  const segmenter = makeSegmenter(language);
  segmenters.set(language, segmenter);
  return segmenter;
}

function makeSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: "sentence" });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.Segmenter("en", { granularity: "sentence" });
    throw error;
  }
}

/**
 * Splits a span into sentences by Unicode's rules (UAX 29). Joins two sentences again after an
 * abbreviation or an initial, and before a lower-case word. The sentences cover the span without
 * gap or overlap. Whitespace after a sentence belongs to the sentence.
 */
export function splitSentences(text: string, span: Span, language: string): readonly Span[] {
  const sentences: Span[] = [];
  let start = span.start;
  let end = span.start;
  for (const { segment } of segmenterOf(language).segment(text.slice(span.start, span.end))) {
    if (
      end > start &&
      !isUnfinished(text.slice(Math.max(start, end - TAIL_LENGTH), end), segment)
    ) {
      sentences.push({ start, end });
      start = end;
    }
    end += segment.length;
  }
  if (end > start) sentences.push({ start, end });
  return sentences;
}

function isUnfinished(tail: string, next: string): boolean {
  if (OPENS_LOWER.test(next.slice(0, TAIL_LENGTH))) return !/[\n\r]\s*$/u.test(tail);
  const word = LAST_WORD.exec(tail)?.[1];
  if (word === undefined) return false;
  const lower = word.toLowerCase();
  if (BEFORE_NUMBERS.has(lower) && OPENS_NUMBER.test(next)) return true;
  if (word.length === 1) return word !== "I";
  return ABBREVIATIONS.has(lower) || SHORT_WORDS.has(lower);
}
