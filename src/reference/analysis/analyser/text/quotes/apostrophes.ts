import { wordSet } from "../../lexicon/word-list.js";

/** Words that are written with an apostrophe before them, in any text. */
const SHORTENED = wordSet(
  "tis twas twere twill twould twouldn tisn twasn twon em n cause cos coz bout til till tween neath twixt gainst",
  "mongst mid midst nuff nother scuse spect fraid pon cept stead tother ware zactly sblood zounds",
);
/** Words of dialect without their first letter. At the start of speech they can also be whole words. */
const DIALECT = wordSet(
  "e er im is ere ad ave as at ow ouse ome ead and ands alf arf all appen appened ope ard old oo ello eard igh ot ear",
  "eaven undred ealth orse ung elp imself erself way round long un uns bus phone most less lection nough",
);
/** Words without their last letter. */
const CLIPPED = wordSet("o an th wi i ol d t mo po fo ha de");

const WORD_AFTER = /\p{L}+/uy;
const DECADE = /\d0s\b|\d\d(?![\d\p{L}])/uy;
const LETTER = /[\p{L}\p{M}]/u;
const LONGEST_WORD = 24;

/** Returns the word at `at`, or "" if there is none. */
export function wordFrom(text: string, at: number): string {
  WORD_AFTER.lastIndex = at;
  return WORD_AFTER.exec(text)?.[0] ?? "";
}

/** Returns the word that ends at `at`, or "" if there is none. */
function wordBefore(text: string, at: number): string {
  let start = at;
  while (start > Math.max(0, at - LONGEST_WORD) && LETTER.test(text.charAt(start - 1))) start -= 1;
  return text.slice(start, at);
}

/** True if a mark before the word at `at` is an apostrophe: ’tis, ’em, the ’90s. */
export function isShortened(text: string, at: number): boolean {
  DECADE.lastIndex = at;
  return DECADE.test(text) || SHORTENED.has(wordFrom(text, at).toLowerCase());
}

/** True if a mark inside a sentence before the word at `at` is an apostrophe: ’ere, ’ouse. */
export const isDialect = (text: string, at: number): boolean => DIALECT.has(wordFrom(text, at));

/** True if a mark after the word that ends at `at` is an apostrophe: an’, o’. */
export const isClipped = (text: string, at: number): boolean =>
  CLIPPED.has(wordBefore(text, at).toLowerCase());

/** True if a mark after the word that ends at `at` can be an apostrophe: the boys’, goin’. */
export const canBeClipped = (text: string, at: number): boolean =>
  /(?:s|\p{L}{2}in)$/iu.test(wordBefore(text, at));
