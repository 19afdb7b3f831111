import { cardinal, digits } from "../numbers.js";
import { type Rule, rule } from "../rule.js";

const START = "(?<![\\p{L}\\p{N}.,:/£$€¥₹+-])";
const INTEGER = "\\d{1,3}(?:,\\d{3}){1,4}|\\d{1,15}";
const END = "(?![\\p{L}\\p{N}]|[.,:/–-]\\d)";

/** Plain numbers stay, because every voice says them right. These are the forms around numbers. */
export const figureRules: readonly Rule[] = [
  rule(
    new RegExp(
      `${START}(?:${INTEGER})(?:\\.\\d{1,6})?(?<dash>[–—]|\\s–\\s)(?=(?:${INTEGER})(?:\\.\\d{1,6})?%?${END})`,
      "dgu",
    ),
    () => ({ dash: " to " }),
  ),
  rule(/(?<![\p{L}\p{N}.,])\.\d{1,6}(?![\d.])/dgu, ({ written }) => `point ${digits(written)}`),
  rule(/(?<![\p{L}\p{N}.,])\d{1,3}(?:\.\d{1,3}){2,3}(?![\p{L}\p{N}]|\.\d)/dgu, ({ written }) =>
    written.split(".").map(cardinal).join(" point "),
  ),
  rule(
    /(?<![\p{L}\p{N}.,])(?<whole>\d{1,3})-(?<part>[1-9]\/\d{1,2})(?!\d)/dgu,
    ({ part }) => `${part("whole")} and ${part("part")}`,
  ),
  rule(
    /(?<=(?<!\p{L})(?:call(?:ed)?|dial(?:led|ed)?|ring|rang|phoned?|extension)\s)(?<number>\d{3,8})(?!\d|,\d)/dgiu,
    ({ part }) => digits(part("number")),
  ),
  rule(/(?<![\p{L}\p{N}])~\s?(?=\d)/dgu, () => "about "),
  rule(/±\s?(?=\d)/dgu, ({ before }) =>
    /\d\s*$/.test(before) ? " plus or minus " : "plus or minus ",
  ),
];
