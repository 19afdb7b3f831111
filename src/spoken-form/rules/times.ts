import { type Place, type Rule, type Said, rule } from "../rule.js";

const HOUR = "(?:1\\d|2[0-3]|0?\\d)";
const NOON = "(?:\\s?[ap]\\.?\\s?m(?![\\p{L}\\p{N}])|\\s?[AP]\\.?M(?![\\p{L}\\p{N}]))";
const START = "(?<![\\p{L}\\p{N}.,:/£$€-])";

export const timeRules: readonly Rule[] = [
  // Before a word in small letters, the stop of `a.m.` ends no sentence.
  rule(/(?<=\d\s?[apAP]\.\s?[mM])(?<stop>\.)(?=\s\p{Ll})/gu, () => ({ stop: "" })),
  // A point between hours and minutes is said as a colon is.
  rule(new RegExp(`${START}(?<hour>${HOUR})(?<point>\\.)[0-5]\\d(?=${NOON})`, "gu"), () => ({
    point: ":",
  })),
  rule(
    new RegExp(
      `(?<=(?<!\\p{L})(?:[Aa]t|[Uu]ntil|[Tt]ill|[Bb]efore|[Aa]fter)\\s)(?<hour>${HOUR})(?<point>\\.)[0-5]\\d(?![\\d%]|\\.\\d)`,
      "gu",
    ),
    sayClock,
  ),
  rule(
    new RegExp(
      `(?<=(?<!\\p{L})[Tt]he\\s)(?<hour>${HOUR})(?<point>\\.)[0-5]\\d(?=\\s(?:train|bus|boat|coach|express|ferry|flight|from|to|mail)(?!\\p{L}))`,
      "gu",
    ),
    sayClock,
  ),
  rule(
    new RegExp(
      `(?<=\\d${NOON}\\.?|\\d:[0-5]\\d)(?<dash>\\s?[-–—]\\s?)(?=${HOUR}(?::[0-5]\\d|${NOON}))`,
      "gu",
    ),
    () => ({
      dash: " to ",
    }),
  ),
  rule(
    new RegExp(`${START}${HOUR}(?<dash>\\s?[-–—]\\s?)(?=${HOUR}(?::[0-5]\\d)?${NOON})`, "gu"),
    () => ({ dash: " to " }),
  ),
  rule(/(?<![\d/])24\/7(?![\d/])/gu, () => "twenty-four seven"),
  rule(/(?<![\p{L}\p{N}])(?<half>½|1\/2)(?=\spast\s)/gu, () => ({ half: "half" })),
  rule(/(?<![\p{L}\p{N}])(?<quarter>¼|1\/4)(?=\s(?:past|to)\s)/gu, () => ({ quarter: "quarter" })),
  rule(/(?<![\p{L}\p{N}/])(?<half>½|1\/2)(?=\san?\s)/gu, () => ({ half: "half" })),
];

/** Times are followed by the end of a clause or by other words than units: `at 9.30 the bell rang`. */
function sayClock({ after }: Place): Said {
  return /^\s(?:per|percent|million|billion|thousand|miles|mph|metres|meters|feet|degrees|seconds)(?!\p{L})/u.test(
    after,
  )
    ? null
    : { point: ":" };
}
