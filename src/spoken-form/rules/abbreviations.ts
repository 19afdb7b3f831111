import {
  beginsSentence,
  endsSentence,
  endsText,
  inCaseOf,
  isCapitalised,
  isName,
  lastWord,
} from "../context.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import {
  AFTER_NAMES,
  ANYWHERE,
  BEFORE_NUMBERS,
  BEFORE_YEARS,
  DAYS_OF_MONTHS,
  ENDING,
  FIRST_NAMES,
  PLACES,
  SAID_RIGHT,
  STATES,
  TITLES,
  UNSTOPPED_TITLES,
  WHOLE_WORDS,
} from "../tables/abbreviations.js";
import { SENTENCE_STARTERS } from "../tables/words.js";

/** Returns a pattern for the words of a table, in any case. */
function anyOf(table: ReadonlyMap<string, string>, after: string): RegExp {
  const words = [...table.keys()].map((word) => word.replaceAll(".", "\\.\\s?")).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}.])(?<short>${words})${after}`, "giu");
}

const STOPPED = "\\.(?![\\p{L}\\p{N}])";
const MAYBE_STOPPED = "(?<stop>\\.?)(?![\\p{L}\\p{N}])";
const A_NUMBER = "(?<stop>\\.)(?<space>\\s?)(?=#?\\d|(?:[VX]|[IVXLC]{2,9})(?![\\p{L}\\p{N}]))";
const YEAR_AFTER = /(?<![\p{L}\p{N}.])(?<short>c|ca|b|d|est|C|Ca|Est)\.(?=\s?\d{3,4}(?!\d))/gu;
const VERSUS = /(?<=\p{Lu}\p{L}{1,20}\s)v\.(?=\s\p{Lu}\p{L})/gu;
const AND_SO_ON = /&c\.?(?![\p{L}\p{N}])/gu;

/** A word before a title that stands for a name: `the Capt. laughed`. */
const BEFORE_TITLE_ALONE =
  /(?:^|[\s"'“‘(])(?:the|a|an|our|my|your|his|her|their|this|that|old|poor|dear|good|said|rt\.)\s+$/iu;

/** `at No 7`. At the beginning of a sentence, `No 7 men` is no number. */
const NUMBER_UNSTOPPED =
  /(?<=(?<!\p{L})(?:at|in|of|to|by|from|number|room|Room|House|Platform)\s)No(?=\s\d)/gu;
/** `Boston, Mass.` */
const STATE = new RegExp(
  `(?<=\\p{Lu}\\p{L}{1,20},\\s)(?:${[...STATES.keys()].join("|")})\\.`,
  "gu",
);
const DAY_OF_MONTH = /(?<=\d(?:st|nd|rd|th)\s)(?:inst|ult|prox)\./gu;

const withStop = (said: string, after: string) => (endsSentence(after) ? `${said}.` : said);

/** After a title: `Lt.-Col. Vane`, `Capt. and Mrs. Vane`. */
const BEFORE_TITLE = /^(?:-\p{Lu}|\s(?:and|&)\s\p{Lu}\p{L}{1,5}\.?\s)/u;

export const abbreviationRules: readonly Rule[] = [
  rule(anyOf(BEFORE_NUMBERS, A_NUMBER), sayBeforeNumber),
  rule(YEAR_AFTER, ({ part }) => BEFORE_YEARS.get(part("short").toLowerCase()) ?? null),
  rule(AND_SO_ON, ({ written, after }) =>
    written.endsWith(".") && endsSentence(after) ? "et cetera." : "et cetera",
  ),
  rule(anyOf(TITLES, MAYBE_STOPPED), sayTitle),
  rule(anyOf(FIRST_NAMES, STOPPED), sayBeforeName),
  rule(anyOf(PLACES, STOPPED), sayBeforeName),
  rule(anyOf(AFTER_NAMES, STOPPED), sayAfterName),
  rule(anyOf(ANYWHERE, MAYBE_STOPPED), sayAnywhere),
  rule(VERSUS, () => "versus"),
  rule(STATE, ({ written, after }) => withStop(STATES.get(written.slice(0, -1)) ?? written, after)),
  rule(DAY_OF_MONTH, ({ written, after }) =>
    withStop(DAYS_OF_MONTHS.get(written.slice(0, -1).toLowerCase()) ?? written, after),
  ),
  rule(/(?<=(?<!\p{L})[Pp]er\scent)\.(?=\s\p{Ll})/gu, () => ""),
  rule(NUMBER_UNSTOPPED, () => "Number"),
  rule(
    /(?<![\p{L}\p{N}])(?:WW(?:II|I|2|1)|Xmas)(?![\p{L}\p{N}])/gu,
    ({ written }) => WHOLE_WORDS.get(written) ?? null,
  ),
];

function sayTitle(place: Place): Said {
  const short = place.part("short");
  const full = TITLES.get(short.toLowerCase());
  const isCommon = UNSTOPPED_TITLES.has(short.toLowerCase());
  if (full === undefined || SAID_RIGHT.has(short) || !(isCommon || isCapitalised(short)))
    return null;
  if (place.part("stop")) return sayStoppedTitle(place, inCaseOf(short, full.toLowerCase()));
  return isCommon && isCapitalised(short) && isName(place.after) ? full : null;
}

function sayStoppedTitle({ part, before, after }: Place, said: string): Said {
  if (isName(after) || BEFORE_TITLE.test(after)) return said;
  const isClear = UNSTOPPED_TITLES.has(part("short").toLowerCase()) && /^\s\p{Ll}/u.test(after);
  if (BEFORE_TITLE_ALONE.test(before)) return beginsSentence(after) ? `${said}.` : said;
  return isClear ? said : endsText(after) && /[,\s]\s?$/.test(before) ? `${said}.` : null;
}

function sayBeforeName({ part, before, after }: Place): Said {
  const short = part("short");
  const places = /\d\s+$/.test(before) ? undefined : PLACES.get(short.toLowerCase());
  const full = FIRST_NAMES.get(short.toLowerCase()) ?? places;
  return full !== undefined && isCapitalised(short) && isName(after) ? full : null;
}

function sayAfterName({ part, before, after }: Place): Said {
  const full = AFTER_NAMES.get(part("short").toLowerCase());
  const name = lastWord(before.replace(/[,&]\s+$/, " "));
  if (full === undefined || !isCapitalised(part("short"))) return null;
  if (!isCapitalised(name) || SENTENCE_STARTERS.has(name) || name.endsWith("."))
    return /^\d+(?:st|nd|rd|th)$/.test(name) ? full : null;
  return endsSentence(after) ? `${full}.` : full;
}

function sayBeforeNumber({ part, before }: Place): Said {
  const full = BEFORE_NUMBERS.get(part("short").toLowerCase());
  // `It was a fig. 3 men ate it.`
  if (full === undefined || /(?<!\p{L})an?\s$/iu.test(before)) return null;
  const said = inCaseOf(part("short"), full);
  return part("space") ? { short: said, stop: "" } : `${said} `;
}

function sayAnywhere(place: Place): Said {
  const short = place.part("short");
  const full = ANYWHERE.get(short.replace(/\s/g, "").toLowerCase());
  if (full === undefined) return null;
  const isUsual = place.part("stop") || short.includes(".") || UNSTOPPED.has(short);
  if (!isUsual) return null;
  const said = inCaseOf(short, full);
  const isEnd = ENDING.has(short.toLowerCase()) && endsSentence(place.after);
  return place.part("stop") && isEnd ? `${said}.` : said;
}

/** Those that writers use without a stop. */
const UNSTOPPED: ReadonlySet<string> = new Set(["Esq", "Jr", "etc", "jr", "vs"]);
