import { endsSentence, endsText } from "../context.js";
import { isOne } from "../numbers.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import { DIRECTIONS, EXACT_UNITS, FOOT, INCH, UNITS, type Unit } from "../tables/units.js";
import { NO_NOUNS, NUMBER_WORDS } from "../tables/number-words.js";

const START = "(?<![\\p{L}\\p{N}.,:/£$€])";
const NUMBER =
  "\\d{1,3}\\s\\d{1,2}/\\d{1,2}|\\d{1,3}(?:,\\d{3}){1,4}(?:\\.\\d{1,6})?|\\d{1,15}(?:\\.\\d{1,6}|/\\d{1,3})?[½¼¾]?|[½¼¾]";
const SYMBOLS = [...UNITS.keys(), ...EXACT_UNITS.keys()]
  .sort((one, other) => other.length - one.length)
  .map((symbol) => symbol.replace(/[./]/g, "\\$&").replace(" ", "\\s"))
  .join("|");
const WORDS = [...NUMBER_WORDS].join("|");

/** Words after inches and feet: `30" wide`, `6' tall`, `2" by 4"`. */
const SIZES = "tall|high|wide|long|deep|thick|square|by|x|×";

export const measureRules: readonly Rule[] = [
  rule(
    new RegExp(
      `${START}(?<feet>\\d{1,2})['’′]\\s?(?<inches>\\d{1,2}[½¼¾]?)(?:["”″]|['’]{2}|(?=\\s(?:tall|high|in\\s)))`,
      "gu",
    ),
    sayFeetAndInches,
  ),
  rule(
    new RegExp(`(?<!["“'‘])${START}(?<amount>${NUMBER})(?:″|"|”)(?![\\p{L}\\p{N}])`, "gu"),
    sayInches,
  ),
  rule(
    new RegExp(
      `${START}(?<amount>${NUMBER})(?:′|['’](?=\\s(?:tall|high|wide|long|deep|thick|by|x|×)(?!\\p{L})))`,
      "gu",
    ),
    (place) => `${place.part("amount")} ${nameOf(FOOT, place)}`,
  ),
  rule(
    new RegExp(
      `${START}(?<amount>${NUMBER})(?<gap>[\\s-]?)(?<unit>${SYMBOLS})(?<stop>\\.?)(?![\\p{L}\\p{N}/]|\\.\\p{L})`,
      "giu",
    ),
    sayUnit,
  ),
  rule(
    new RegExp(
      `(?<!\\p{L})(?<amount>${WORDS})[\\s-](?<unit>ft|lbs?|oz|yds?|mi|hrs?|mins?|secs?|km|kg|mph|sq\\.? ft)(?<stop>\\.?)(?!\\p{L})`,
      "giu",
    ),
    sayUnitAlone,
  ),
  rule(
    new RegExp(`${START}(?<amount>${NUMBER})(?<gap>[\\s-])(?<unit>in)\\.(?![\\p{L}\\p{N}])`, "gu"),
    sayInchesWithStop,
  ),
  rule(/(?<=\d\s)st\.?(?=,?\s\d{1,2}\s?lbs?(?!\p{L}))/gu, () => "stone"),
  rule(/(?<=\d:\d\d\s)hrs\.?(?!\p{L})/gu, ({ written, after }) =>
    written.endsWith(".") && endsSentence(after) ? "hours." : "hours",
  ),
  rule(/(?<![\p{L}\p{N}.,])1\s?°(?![\p{L}\s]?[CFNSEW])/gu, () => "1 degree"),
  rule(
    /(?<=\d\s?)°\s?(?<direction>[NS][EW]|[NSEW])(?![\p{L}\p{N}])/gu,
    ({ part }) => ` degrees ${DIRECTIONS.get(part("direction")) ?? ""}`,
  ),
  rule(
    /(?<=(?<![\p{L}\p{N}.])\d{1,9}\s?)(?<by>\s?[xX×]\s?)(?=\d{1,9}(?![\p{L}\p{N}]))/gu,
    ({ written, after }) => ({ by: isProduct(written, after) ? " times " : " by " }),
  ),
];

/** A measure before a noun has no plural: `a 6 ft. wall`, `a 12-oz. can`, `the 5 km walk`. */
function nameOf({ one, many }: Unit, { part, before, after }: Place): string {
  const isAdjective = AFTER_ARTICLE.test(before) || (AFTER_THE.test(before) && isBeforeNoun(after));
  const isSingle = isOne(part("amount")) || /^(?:[½¼¾]|1\/\d|one|half)$/i.test(part("amount"));
  return isAdjective || isSingle || part("gap") === "-" ? one : many;
}

const AFTER_ARTICLE = /(?<!\p{L})an?\s(?:\d{1,9}\s?(?:[x×]|ft\.?|feet|foot|['’′])\s?(?:by\s)?)?$/iu;
const AFTER_THE = /(?<!\p{L})(?:the|this|that|his|her|its|my|our|your|their)\s$/iu;

function isBeforeNoun(after: string): boolean {
  const word = /^\s(?<word>\p{Ll}{2,})/u.exec(after)?.groups?.["word"];
  return word !== undefined && !NO_NOUNS.has(word);
}

function sayUnit(place: Place): Said {
  const { part, after } = place;
  const [written, stop] = [part("unit"), part("stop")];
  const unit = unitOf(written);
  if (!unit) return null;
  // `5 W. Main St.` is a direction, `5 V` a voltage.
  if (/^[VW]$/.test(written) && (stop || /^\s\p{Lu}/u.test(after))) return null;
  const gap = part("gap") === "-" ? "-" : " ";
  const end = stop && endsSentence(after) ? "." : "";
  if (!part("gap")) return `${part("amount")}${gap}${nameOf(unit, place)}${end}`;
  return { unit: nameOf(unit, place), stop: end };
}

function unitOf(written: string): Unit | undefined {
  const isUniform =
    written === written.toLowerCase() || (written.length > 1 && written === written.toUpperCase());
  return (
    EXACT_UNITS.get(written) ??
    (isUniform ? UNITS.get(written.toLowerCase().replace(/\s/, " ")) : undefined)
  );
}

function sayUnitAlone(place: Place): Said {
  const unit = unitOf(place.part("unit"));
  if (!unit || (!place.part("stop") && /^(?:mi|min|sec)$/.test(place.part("unit")))) return null;
  return {
    unit: nameOf(unit, place),
    stop: place.part("stop") && endsSentence(place.after) ? "." : "",
  };
}

/** `2 in. wide` are inches. In `The five came in.` and `He let 2 in. Then he slept.` it is a word. */
function sayInchesWithStop(place: Place): Said {
  const isSize = new RegExp(`^\\s(?:${SIZES})(?!\\p{L})|^[,;)]`, "u").test(place.after);
  const isAfterFeet = /\d\s?(?:ft\.?|feet|foot|['’′])\s$/.test(place.before);
  if (!isSize && !isAfterFeet && !/^\s\p{Ll}/u.test(place.after)) return null;
  return `${place.part("amount")}${place.part("gap")}${nameOf(INCH, place)}${endsSentence(place.after) ? "." : ""}`;
}

function sayFeetAndInches(place: Place): Said {
  const [feet, inches] = [place.part("feet"), place.part("inches")];
  return `${feet} ${isOne(feet) ? FOOT.one : FOOT.many} ${inches} ${isOne(inches) ? INCH.one : INCH.many}`;
}

/** A mark after a number stands for inches if it closes no quotation: `30" wide`, but `"Room 30"`. */
function sayInches(place: Place): Said {
  const { written, before, after } = place;
  const said = `${place.part("amount")} ${nameOf(INCH, place)}`;
  if (written.endsWith("″") || new RegExp(`^\\s(?:${SIZES})(?!\\p{L})`, "u").test(after))
    return said;
  if (endsText(after) || isQuotation(before)) return null;
  return said;
}

/** True if a quotation begins before a place and does not end there. */
function isQuotation(before: string): boolean {
  let isOpen = false;
  for (const { 0: mark, index } of before.matchAll(/["“”]/g)) {
    const isOpening =
      mark === "“" || (mark === '"' && /^$|[\s(—–-]/.test(before.charAt(index - 1)));
    if (isOpening || isOpen) isOpen = isOpening;
  }
  return isOpen;
}

/** `2 × 3` is a product, `2 x 4` a size, and so is `2 × 4 feet`. */
function isProduct(sign: string, after: string): boolean {
  if (/^\d+\s?=/.test(after)) return true;
  return (
    sign === " × " &&
    !/^\d+(?:\s?[x×]|["'″′]|\s?(?:ft|feet|foot|inch|in\.|m|cm|mm|meters|metres|yards)(?!\p{L}))/u.test(
      after,
    )
  );
}
