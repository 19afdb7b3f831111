import { romanValue } from "../numbers.js";
import { DOUBLED } from "../tables/doubled-letters.js";

/** A longer word has few runs of letters, or is no word. It bounds the number of spellings that are tried. */
const MOST_RUNS = 4;

/** A word begins with no double consonant, so that `Crraaash` is `Crash`. */
const STRETCHED_START = /^(\p{L}?)([^aeiouy])\2+/iu;

/**
 * Returns a word without the letters that are repeated for stress: `Nooo` is `No`, `Goood` is `Good`. No English
 * word has a letter three times in a row. One letter is left, or two if the table has such a word.
 */
export function unstretched(written: string): string {
  const runs = written.match(/(\p{L})\1{2,}/giu) ?? [];
  const isOneLetter = runs[0]?.length === written.length;
  if (runs.length === 0 || runs.length > MOST_RUNS || isOneLetter || romanValue(written) !== null)
    return written;
  const spellings = spellingsOf(written);
  const doubled = spellings.find((spelling) => isDoubled(spelling.toLowerCase()));
  return doubled ?? spellings[0]?.replace(STRETCHED_START, "$1$2") ?? written;
}

/** Returns the word with each run as one letter or as two. The first spelling has one letter everywhere. */
function spellingsOf(written: string): readonly string[] {
  let spellings = [""];
  for (const { 0: piece } of written.matchAll(/(\p{L})\1{2,}|\p{L}/giu)) {
    const ways = piece.length > 2 ? [piece.slice(0, 1), piece.slice(0, 2)] : [piece];
    spellings = ways.flatMap((way) => spellings.map((spelling) => spelling + way));
  }
  return spellings;
}

function isDoubled(word: string): boolean {
  const stem = word.replace(/(?:s|ing|ed|er|ly|y)$/, "");
  const isInflected = stem !== word && (DOUBLED.has(stem) || DOUBLED.has(`${stem}e`));
  return isInflected || DOUBLED.has(word);
}
