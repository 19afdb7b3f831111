import { cardinal, digits, yearInCentury } from "../numbers.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";

const START = "(?<![\\p{L}\\p{N}.,:/£$€¥₹+-])";
const INTEGER = "\\d{1,3}(?:,\\d{3}){1,4}|\\d{1,15}";
const END = "(?![\\p{L}\\p{N}]|[.,:/–-]\\d)";

/** Plain numbers stay, because every voice says them right. These are the forms around numbers. */
export const figureRules: readonly Rule[] = [
  rule(
    new RegExp(
      `${START}(?:${INTEGER})(?:\\.\\d{1,6})?[%°]?(?<dash>[–—]|\\s–\\s)(?=(?:${INTEGER})(?:\\.\\d{1,6})?%?${END})`,
      "gu",
    ),
    () => ({ dash: " to " }),
  ),
  // A calibre: `a .45`, `.22 rifle`.
  rule(
    /(?<=(?:^|(?<!\p{L})(?:an?|the|his|her|my|your|old))\s?)\.(?:22|25|32|38|40|44|45|50)(?![\d.]|\s(?:per|of))/giu,
    ({ written }) => cardinal(written.slice(1)),
  ),
  rule(
    /(?<![\p{L}\p{N}.,])\.(?:22|25|32|38|40|44|45|50)(?=[\s-](?:cal|rifle|pistol|revolver|gun|bullet|automatic|colt|magnum))/giu,
    ({ written }) => cardinal(written.slice(1)),
  ),
  rule(/(?<![\p{L}\p{N}.,])\.\d{1,6}(?![\d.])/gu, ({ written }) => `point ${digits(written)}`),
  rule(/(?<![\p{L}\p{N}.,])\d{1,3}(?:\.\d{1,3}){2,3}(?![\p{L}\p{N}]|\.\d)/gu, ({ written }) =>
    written.split(".").map(cardinal).join(" point "),
  ),
  rule(
    /(?<![\p{L}\p{N}.,])(?<whole>\d{1,3})-(?<part>[1-9]\/\d{1,2})(?!\d)/gu,
    ({ part }) => `${part("whole")} and ${part("part")}`,
  ),
  rule(
    /(?<=(?<!\p{L})(?:call(?:ed)?|dial(?:led|ed)?|ring|rang|phoned?|extension)\s)(?<number>\d{3}|\d{5,8})(?!\d|,\d)/giu,
    ({ part }) => digits(part("number")),
  ),
  rule(/(?<![\d/])(?:50\/50|9\/11)(?![\d/])/gu, ({ written }) =>
    written.split("/").map(cardinal).join(" "),
  ),
  rule(
    /(?<![\p{L}\p{N}.,:-])(?<hour>[01]\d|2[0-3])(?<minutes>[0-5]\d)(?=\s(?:hours|hrs)(?!\p{L}))/gu,
    sayMilitaryTime,
  ),
  rule(/(?<=^|\s)[–—](?=\d{1,3}(?:\.\d)?\s?(?:°|degrees))/gu, () => "minus "),
  rule(/(?<![\p{L}\p{N}])[~≈]\s?(?=\d)/gu, () => "about "),
  rule(/±\s?(?=\d)/gu, ({ before }) =>
    /\d\s*$/.test(before) ? " plus or minus " : "plus or minus ",
  ),
];

/** `0600 hours` is oh six hundred, `1430 hours` fourteen thirty. */
function sayMilitaryTime({ part }: Place): Said {
  const [hour, minutes] = [part("hour"), part("minutes")];
  const said = hour.startsWith("0") ? `oh ${cardinal(Number(hour))}` : cardinal(hour);
  return `${said} ${minutes === "00" ? "hundred" : yearInCentury(minutes)}`;
}
