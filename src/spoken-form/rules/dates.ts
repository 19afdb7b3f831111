import { endsSentence } from "../context.js";
import { cardinal, ordinal, year, yearInCentury } from "../numbers.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import { COUNTED } from "../tables/counted.js";
import { MONTHS, MONTHS_IN_ORDER, WEEKDAYS } from "../tables/months.js";

const MONTH_NAMES =
  "January|February|March|April|May|June|July|August|September|October|November|December";
const SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";
const MONTH = `(?:${MONTH_NAMES}|(?:${SHORT_MONTHS})\\.?)(?!\\p{L})`;
const DAY = "(?:0?[1-9]|[12]\\d|3[01])";
const NO_LETTER = "(?<![\\p{L}\\p{N}])";
const NO_NUMBER = "(?<![\\p{L}\\p{N}.,:/£$€-])";

/** The voices say later years in pairs themselves. */
const FIRST_YEAR_SAID_RIGHT = 1776;

export const dateRules: readonly Rule[] = [
  rule(
    new RegExp(`${NO_NUMBER}(?<day>${DAY}(?:st|nd|rd|th)?)\\s(?<month>${MONTH})`, "gu"),
    sayDayFirst,
  ),
  rule(
    new RegExp(
      `${NO_LETTER}(?<month>${MONTH})\\s(?<day>${DAY})\\s?[-–]\\s?(?<last>${DAY})(?![\\p{L}\\p{N}])`,
      "gu",
    ),
    sayDays,
  ),
  rule(new RegExp(`${NO_LETTER}(?<month>(?:${SHORT_MONTHS})\\.?)(?=\\s\\d)`, "gu"), sayMonth),
  rule(
    new RegExp(
      `(?<=(?<!\\p{L})(?:[Ii]n|[Ss]ince|[Ll]ast|[Nn]ext|[Ee]arly|[Ll]ate|[Oo]f|[Bb]y|[Uu]ntil|\\d(?:st|nd|rd|th)?)\\s)(?<month>(?:${SHORT_MONTHS})\\.)`,
      "gu",
    ),
    sayMonth,
  ),
  rule(
    new RegExp(
      `${NO_LETTER}(?<weekday>(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)\\.)(?=,?\\s(?:the\\s)?(?:${MONTH}|\\d))`,
      "gu",
    ),
    ({ part }) => ({ weekday: WEEKDAYS.get(part("weekday").slice(0, -1).toLowerCase()) ?? "" }),
  ),
  rule(
    /(?<![\p{N}.,:/-])(?<first>\d\d?)\/(?<second>\d\d?)\/(?<year>\d{4})(?![\d/])/gu,
    sayNumericDate,
  ),
  rule(
    /(?<![\p{L}\p{N}.,£$€-])(?<from>1\d{3}|20\d\d)(?<dash>\s?[-–—]\s?|\/)(?<to>1\d{3}|20\d\d|\d\d)(?![\p{L}\p{N}]|[-–.,:]\d)/gu,
    sayYears,
  ),
  rule(/(?<![\p{L}\p{N}.,])(?<year>1\d\d0)['’]?s(?![\p{L}\p{N}])/gu, sayDecade),
  rule(/(?<![\p{L}\p{N}])(?<era>AD|CE|BCE|A\.\s?D\.)(?=\s?\d{1,4}(?!\d))/gu, sayEra),
  rule(/(?<=\d\s?)(?<era>AD|CE)(?![\p{L}\p{N}])/gu, sayEra),
  rule(
    /(?<![\p{L}\p{N}.,:/£$€#-])(?<year>1\d{3}|20\d\d)(?![\p{L}\p{N}]|[.,:/]\d|[-–]\d)/gu,
    sayYear,
  ),
];

function sayDayFirst({ part, before, after }: Place): Said {
  if (/(?:chapter|no\.|number|page|act|scene|p\.)\s$/i.test(before)) return null;
  if (part("month") === "May" && /^\s(?:I|we|you|be)(?!\p{L})/u.test(after)) return null;
  const hasArticle =
    /(?<!\p{L})(?:the|an?|this|that|every|each|his|her|its|their|my|our|your)\s$/iu.test(before);
  const day = ordinal(part("day").replace(/\D/g, ""));
  return { day: `${hasArticle ? "" : "the "}${day} of`, month: monthSaid(part("month"), after) };
}

function sayDays({ part, after }: Place): Said {
  return `${monthSaid(part("month"), after)} ${ordinal(part("day"))} to ${ordinal(part("last"))}`;
}

function sayMonth({ part, after }: Place): Said {
  return { month: monthSaid(part("month"), after) };
}

function monthSaid(written: string, after: string): string {
  const said = MONTHS.get(written.replace(".", "").toLowerCase()) ?? written;
  return written.endsWith(".") && endsSentence(after) ? `${said}.` : said;
}

/**
 * Says a date in figures. If both numbers can be a month, the writer's order is unknown, so they stay numbers.
 */
function sayNumericDate({ part }: Place): Said {
  const [first, second] = [Number(part("first")), Number(part("second"))];
  const said = year(part("year"));
  if (first > 12 && first <= 31 && second <= 12)
    return `the ${ordinal(first)} of ${monthOf(second)} ${said}`;
  if (second > 12 && second <= 31 && first <= 12)
    return `${monthOf(first)} ${ordinal(second)} ${said}`;
  return `${first} ${second} ${said}`;
}

const monthOf = (number: number) => MONTHS_IN_ORDER[number - 1] ?? String(number);

/** Says a span of years: `1914-18`, `1914–1918`. */
function sayYears({ part }: Place): Said {
  const [from, to] = [part("from"), part("to")];
  const isShort = to.length === 2;
  // `1914/15` is a year and the next.
  if (part("dash") === "/" && Number(to) !== (Number(from) + 1) % 100) return null;
  if (isShort ? Number(to) <= Number(from.slice(2)) : Number(to) <= Number(from)) return null;
  return `${year(from)} to ${isShort ? yearInCentury(to) : year(to)}`;
}

/** `the 1670s`. The voices say later decades right. */
function sayDecade({ part }: Place): Said {
  const written = part("year");
  return Number(written) < FIRST_YEAR_SAID_RIGHT
    ? year(written).replace(/y$/, "ie").concat("s")
    : null;
}

function sayEra({ part }: Place): Said {
  return { era: [...part("era").replace(/[.\s]/g, "")].join(" ") };
}

/** Words before a year: `in 1066`, `the winter of 1709`. */
const BEFORE_YEAR =
  /(?<!\p{L})(?:in|since|until|till|before|after|between|during|from|by|to|and|of|about|around|circa|early|late|year|spring|summer|autumn|fall|winter|January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.|Christmas|Easter|AD|A\.D\.)\s+$|\d,\s+$|\($|(?:st|nd|rd|th),?\s+$/iu;

/** `in 1588 and 1666 ships burned` */
const CERTAIN_YEAR =
  /(?<!\p{L})(?:in|since|until|till|during|year)\s(?:\d{4}(?:,? and |,? or |, ))?$/iu;

/** `in 1941` is a year, `1941 men` a number. */
function sayYear({ written, before, after }: Place): Said {
  const isCounted = COUNTED.has(/^\s(?<noun>\p{L}+)/u.exec(after)?.groups?.["noun"] ?? "");
  if (isCounted && !CERTAIN_YEAR.test(before)) return sayCount(written);
  const isYear = CERTAIN_YEAR.test(before) || (!isCounted && isDated(before, after));
  return isYear && Number(written) < FIRST_YEAR_SAID_RIGHT ? year(written) : null;
}

/** Some voices say every number like `1941` as a year. Nobody minds `1500 men` as fifteen hundred. */
const sayCount = (written: string) =>
  Number(written) < FIRST_YEAR_SAID_RIGHT || written.endsWith("00") ? null : cardinal(written);

/** `the winter of 1709`, `1066 A.D.`, `the 1605 plot`. `the 1605 ships` are many. */
const isDated = (before: string, after: string) =>
  BEFORE_YEAR.test(before) ||
  /^\s(?:A\.\s?D|B\.\s?C|AD|BC)/.test(after) ||
  (/(?<!\p{L})the\s$/iu.test(before) && /^\s\p{Ll}+(?<!s)(?!\p{L})/u.test(after));
