import type { Block } from "../blocks.js";
import { tellsStory } from "./story-words.js";

const END = /^[\W_]{0,9}(?:the end|finis|fin|ende)[\W_]{0,9}$/iu;
/** The sizes of books, which only the lists of a bookseller have. */
const SIZE = /\b(?:8|12|16|18|24|32)(?:vo|mo)\b|\b(?:crown|demy|post|royal) (?:octavo|quarto)\b/iu;
/** Bindings and prices. */
const PRICE =
  /\b(?:cloth|boards|paper covers?|calf|morocco),? (?:gilt|price|extra|\$|£|\d{1,3}s\.|\d{1,2}[/-])|\b(?:price|net),? [$£]\d|\$\d\.\d\d(?: net)?\.?$|\bpostage extra\b/imu;
const HEADING =
  /^[\W_]{0,9}(?:(?:by the same author|(?:other )?(?:books|works|novels|stories) by|new (?:books|novels|publications)|advertise?ments?|(?:popular|recent) (?:novels|fiction)|uniform with this)\b|(?:[\p{Lu}\P{L}]{3,80}\bPUBLISHERS?\b))/iu;
const FEWEST_SIGNS = 2;
const MOST_BLOCKS = 300;
const HALF = 0.5;

/**
 * Finds the advertisements of a publisher behind the words "THE END". They go on to the end of the text. Where
 * somebody tells something there, it can be a part of the book.
 */
export function findAdverts(blocks: readonly Block[]): readonly Block[] {
  const end = blocks.findLastIndex(({ text }) => END.test(text));
  const last = blocks.slice(end + 1);
  if (end < 0 || last.length > Math.min(MOST_BLOCKS, end * 2)) return [];
  const sizes = last.filter(({ text }) => SIZE.test(text)).length;
  const others = last.filter(({ text }) => !SIZE.test(text));
  const signs = others.filter(({ text }) => HEADING.test(text) || PRICE.test(text)).length;
  const told = others.filter(({ text }) => tellsStory(text)).length;
  const areAdverts = sizes > 0 && sizes + signs >= FEWEST_SIGNS && told < last.length * HALF;
  return areAdverts ? last : [];
}
