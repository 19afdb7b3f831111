import { endsText, inCaseOf, isCapitalised, lastWord } from "../context.js";
import { BEFORE_NUMBERS } from "../tables/abbreviations.js";
import { cardinal, ordinal, romanValue, year } from "../numbers.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import {
  KINGS,
  MISREAD_BEFORE_I,
  NUMBERED,
  NUMBERED_BY_LETTER,
  RULERS,
} from "../tables/numbered.js";
import { SENTENCE_STARTERS } from "../tables/words.js";

const NUMERAL = "(?:[IVXLC]{1,9}|[ivxlc]{1,9})(?![\\p{L}\\p{N}])";
/** A stop after a numeral, as in `Louis XII. of France`, where it ends no sentence. */
const STOP = "(?<end>\\.(?=[,;]|\\s\\p{Ll}))?";
const GROUPS = ["one", "two", "three"];
const SEPARATOR = "\\s?[-–—]\\s?|,?\\s(?:and|or|to|&)\\s|,\\s";

/** A chapter of more is not seen, and `MIX` and `CD` are no numbers of chapters. */
const HIGHEST_HEADING = 399;
/** A child with the name of its fathers: `Thurston Howell III`. Higher numbers belong to works and games. */
const HIGHEST_NAMESAKE = 5;
const LAST_YEAR = 2100;

/**
 * Roman numerals: alone as a heading, after a word that is numbered, and after the name of a ruler. Elsewhere they
 * stay, because `I` and `MIX` are words.
 */
export const numeralRules: readonly Rule[] = [
  rule(
    /^\s{0,20}[([*_]{0,4}(?<numeral>[IVXLC]{1,9}|[ivxlc]{2,9})(?=[.:)\]*_]{0,3}\s{0,20}$)/gu,
    sayHeading,
  ),
  rule(
    /^\s{0,20}(?<numeral>[IVXLC]{1,9})(?=(?:[.:](?:\s|\s?[-–—]{1,2}\s?)|\s[-–—]\s)["'“‘]?\p{Lu})/gu,
    sayTitledHeading,
  ),
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}])(?<word>\\p{L}{1,12})(?<stop>\\.?)\\s(?<one>${NUMERAL})` +
        `(?:(?<dash1>${SEPARATOR})(?<two>${NUMERAL}))?(?:(?<dash2>${SEPARATOR})(?<three>${NUMERAL}))?${STOP}`,
      "gu",
    ),
    sayNumbered,
  ),
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}])(?<name>\\p{Lu}\\p{L}{1,15})\\s(?<numeral>[IVX]{1,7})(?![\\p{L}\\p{N}])${STOP}`,
      "gu",
    ),
    sayRuler,
  ),
  rule(/(?<![\p{L}\p{N}])(?<numeral>[IVXLC]{1,9})(?:st|nd|rd|th)(?![\p{L}\p{N}])/gu, sayOrdinal),
  rule(/(?<![\p{L}\p{N}])(?<numeral>[IVXLC]{1,9})(?=\scentur(?:y|ies)(?!\p{L}))/gu, sayOrdinal),
  rule(/\((?<numeral>[ivx]{2,6})\)/gu, sayInBrackets),
  rule(/(?<=\p{Lu}\p{L}{1,15}\sthe\s)(?<numeral>[IVX]{2,7})(?![\p{L}\p{N}])/gu, sayOrdinal),
  rule(/(?<![\p{L}\p{N}])M[MDCLXVI]{3,12}(?![\p{L}\p{N}])/gu, sayYear),
];

/** The text before a word that begins a sentence. */
const SENTENCE_START = /(?:^|[.!?]["'”’)]*\s+)["'“‘]?$/;

function sayHeading({ part }: Place): Said {
  return headingOf(part("numeral"));
}

/** `II. The Hound` is a heading. `I. Newton` is a name, so one letter needs a word that is no name after it. */
function sayTitledHeading({ part, after }: Place): Said {
  const title = /^\W+(?<word>\p{L}+)/u.exec(after)?.groups?.["word"] ?? "";
  const isTitle = SENTENCE_STARTERS.has(titleCased(title)) && /^\W+[^.?!]*[.?!]?\s*$/u.test(after);
  const isClear = part("numeral").length > 1 || (isTitle && /^[.:]/.test(after));
  return isClear ? headingOf(part("numeral")) : null;
}

const titleCased = (word: string): string =>
  word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

function headingOf(numeral: string): Said {
  const value = romanValue(numeral);
  if (value === null || value > HIGHEST_HEADING) return null;
  const said = cardinal(value);
  return { numeral: said.charAt(0).toUpperCase() + said.slice(1) };
}

function sayNumbered(place: Place): Said {
  const { part } = place;
  const word = part("word");
  if (!isNumbered(word, part("stop"))) return null;
  const count = countNumerals(place);
  if (count === 0) return part("one") === "I" && !part("stop") ? pronoun(word, "one") : null;
  const said: Record<string, string> = { end: "", ...abbreviationOf(word, part("stop")) };
  for (const [index, name] of GROUPS.slice(0, count).entries()) {
    said[name] = cardinal(romanValue(part(name)) ?? 0);
    if (/[-–—]/.test(part(`dash${index}`))) said[`dash${index}`] = " to ";
  }
  return said;
}

/** `He turned the page. II` ends a sentence, `Vol. II` does not. */
const isNumbered = (word: string, stop: string) =>
  NUMBERED.has(word.toLowerCase()) && (!stop || BEFORE_NUMBERS.has(word.toLowerCase()));

const abbreviationOf = (word: string, stop: string) =>
  stop ? { word: inCaseOf(word, BEFORE_NUMBERS.get(word.toLowerCase()) ?? word), stop: "" } : {};

/** Counts the numerals of `Acts I, II and III`. */
function countNumerals({ part, before, after }: Place): number {
  const word = part("word");
  if (part("one") === "I" && isPlainlyNumbered(word, before, part("end") + after)) return 1;
  const isHeading = before === "" && part("one") === "I" && /^\s\p{Lu}/u.test(after);
  const first = GROUPS.findIndex(
    (name, index) => !isNumeral(part(name), word, part(`dash${index + 1}`) || part("end") + after),
  );
  return first === 0 && isHeading ? 1 : first === -1 ? GROUPS.length : first;
}

/** `World War I`, `In Act I he dies` and `Part I was dull`. In `the part I was given` the word is a pronoun. */
function isPlainlyNumbered(word: string, before: string, after: string): boolean {
  if (!isCapitalised(word)) return false;
  if (word === "War") return lastWord(before) === "World";
  if (/(?<!\p{L})(?:in|of|by|after|before|during|from|until)\s$/iu.test(before)) return true;
  return SENTENCE_START.test(before) && /^\s(?:was|has|had|\p{Ll}+s)(?!\p{L})/u.test(after);
}

/** `Act V` and `scene iv` are numerals. `the act I saw` is none, and `Section C` is a letter. */
function isNumeral(written: string, word: string, after: string): boolean {
  if (romanValue(written) === null) return false;
  if (written.length > 1) return true;
  if (!isCapitalised(word)) return false;
  if (written === "I") return word !== "No" && isEndOfName(after);
  return /^[VX]$/.test(written) && NUMBERED_BY_LETTER.has(word.toLowerCase());
}

/** True if the words after `I` show that it is no pronoun. */
const isEndOfName = (after: string) =>
  endsText(after) ||
  /^(?:['’]s(?!\p{L})|\s?[.,:;!?)\]–—-]|\s(?:of|and|or|to|is|opens|begins|ends)(?!\p{L}))/u.test(
    after,
  );

function sayRuler(place: Place): Said {
  const [name, numeral] = [place.part("name"), place.part("numeral")];
  const value = romanValue(numeral);
  if (value === null || SENTENCE_STARTERS.has(name)) return null;
  const hasTitle = RULERS.has(lastWord(place.before).toLowerCase());
  const isRuler = hasTitle || KINGS.has(name.toLowerCase());
  if (numeral === "I") return sayFirst(place, isRuler, hasTitle);
  if (isRuler) return { numeral: `the ${ordinal(value)}`, end: "" };
  if (numeral.length === 1) return null;
  return { numeral: sayNamesake(lastWord(place.before), value), end: "" };
}

function sayFirst({ part, before, after }: Place, isRuler: boolean, hasTitle: boolean): Said {
  const isOwner = /(?<!\p{L})(?:of|under)\s$/iu.test(before);
  const isNumeral =
    hasTitle || isOwner || isEndOfName(part("end") + after) || isSubject(before, after);
  return isRuler && isNumeral
    ? { numeral: "the first", end: "" }
    : pronoun(part("name"), "numeral");
}

/** `Thurston Howell III` is the third of the name. `Rocky II` is a work with a number. */
function sayNamesake(before: string, value: number): string {
  const isFullName = isCapitalised(before) && !SENTENCE_STARTERS.has(before);
  return isFullName && value <= HIGHEST_NAMESAKE ? `the ${ordinal(value)}` : cardinal(value);
}

/** `Henry I was king` at the beginning of a sentence. In `I told Henry I was late` the name is no subject. */
const isSubject = (before: string, after: string) =>
  SENTENCE_START.test(before) &&
  /^\s(?:was|had|has|died|reigned|ruled|came|became|lost|won|fled)(?!\p{L})/u.test(after);

/** Some voices say `I` after these words as a numeral. They say a small `i` as the pronoun. */
const pronoun = (word: string, group: string): Said =>
  MISREAD_BEFORE_I.has(word.toLowerCase()) ? { [group]: "i" } : null;

function sayOrdinal({ part }: Place): Said {
  const value = romanValue(part("numeral"));
  return value === null ? null : ordinal(value);
}

function sayYear({ written }: Place): Said {
  const value = romanValue(written);
  return value === null || value > LAST_YEAR ? null : year(value);
}

/** `(ii)` before a part of a list. */
function sayInBrackets({ part }: Place): Said {
  const value = romanValue(part("numeral"));
  return value === null ? null : { numeral: cardinal(value) };
}
