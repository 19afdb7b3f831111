import {
  beginsSentence,
  endsSentence,
  endsText,
  inCaseOf,
  isCapitalised,
  lastWord,
} from "../context.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import {
  AFTER_NAMES,
  ANYWHERE,
  BEFORE_NUMBERS,
  BEFORE_YEARS,
  ENDING,
  FIRST_NAMES,
  PLACES,
  SAID_RIGHT,
  TITLES,
  UNSTOPPED_TITLES,
} from "../tables/abbreviations.js";
import { SENTENCE_STARTERS } from "../tables/words.js";

const TITLE_PATTERN = /(?<![\p{L}\p{N}.])(?<short>\p{L}{2,6})(?<stop>\.?)(?![\p{L}\p{N}])/dgu;
const STOPPED = /(?<![\p{L}\p{N}.])(?<short>\p{L}{1,8})\.(?![\p{L}\p{N}])/dgu;
const BEFORE_NUMBER =
  /(?<![\p{L}\p{N}.])(?<abbreviation>(?<short>\p{L}{1,5})\.)(?<space>\s?)(?=#?\d|(?:[VX]|[IVXLC]{2,9}|[ivxlc]{2,9})(?![\p{L}\p{N}]))/dgu;
const YEAR_AFTER = /(?<![\p{L}\p{N}.])(?<short>c|ca|b|d|est|C|Ca|Est)\.(?=\s?\d{3,4}(?!\d))/dgu;
/** `etc`, and `i.e` or `a.k.a`, whose last stop may be missing. */
const ANYWHERE_PATTERN =
  /(?<![\p{L}\p{N}.])(?<short>\p{L}(?:\.\s?\p{L}){1,2}|\p{L}{2,6})(?<stop>\.?)(?![\p{L}\p{N}])/dgu;
const VERSUS = /(?<=\p{Lu}\p{L}{1,20}\s)v\.(?=\s\p{Lu}\p{L})/dgu;
const AND_SO_ON = /&c\.?(?![\p{L}\p{N}])/dgu;

/** A word before a title that stands for a name: `the Capt. laughed`. */
const BEFORE_TITLE_ALONE =
  /(?:^|[\s"'“‘(])(?:the|a|an|our|my|your|his|her|their|this|that|old|poor|dear|good|said)\s+$/iu;

/** After a title: `Lt.-Col. Vane`, `Capt. and Mrs. Vane`. */
const BEFORE_TITLE = /^(?:-\p{Lu}| (?:and|&) \p{Lu}\p{L}{1,5}\.? )/u;

export const abbreviationRules: readonly Rule[] = [
  rule(BEFORE_NUMBER, sayBeforeNumber),
  rule(YEAR_AFTER, ({ part }) => BEFORE_YEARS.get(part("short").toLowerCase()) ?? null),
  rule(AND_SO_ON, ({ written, after }) =>
    written.endsWith(".") && endsSentence(after) ? "et cetera." : "et cetera",
  ),
  rule(TITLE_PATTERN, sayTitle),
  rule(STOPPED, sayBeforeName),
  rule(STOPPED, sayAfterName),
  rule(ANYWHERE_PATTERN, sayAnywhere),
  rule(VERSUS, () => "versus"),
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

function sayStoppedTitle({ before, after }: Place, said: string): Said {
  if (isName(after) || BEFORE_TITLE.test(after)) return said;
  if (BEFORE_TITLE_ALONE.test(before)) return beginsSentence(after) ? `${said}.` : said;
  return endsText(after) && /[,\s]\s?$/.test(before) ? `${said}.` : null;
}

/** True if a capitalised word follows that does not begin a sentence. */
function isName(after: string): boolean {
  return /^\s+["'“‘]?\p{Lu}/u.test(after) && !beginsSentence(after);
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
  if (!isCapitalised(name) || SENTENCE_STARTERS.has(name))
    return /^\d+(?:st|nd|rd|th)$/.test(name) ? full : null;
  return endsSentence(after) ? `${full}.` : full;
}

function sayBeforeNumber({ part }: Place): Said {
  const full = BEFORE_NUMBERS.get(part("short").toLowerCase());
  if (full === undefined) return null;
  const said = inCaseOf(part("short"), full);
  return part("space") ? { abbreviation: said } : `${said} `;
}

function sayAnywhere({ part, after }: Place): Said {
  const short = part("short");
  const full = ANYWHERE.get(short.replace(/\s/g, "").toLowerCase());
  const isUsual = part("stop") || /^(?:etc|vs|jr|Jr|Esq)$/.test(short) || short.includes(".");
  if (full === undefined || !isUsual) return null;
  const said = inCaseOf(short, full);
  const isEnd = ENDING.has(short.toLowerCase()) && endsSentence(after);
  return part("stop") && isEnd ? `${said}.` : said;
}
