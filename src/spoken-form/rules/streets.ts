import { endsSentence, inCaseOf, isCapitalised, isName, lastWord } from "../context.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import { BEFORE_SAINTS, SAINTS } from "../tables/saints.js";
import { TITLES } from "../tables/abbreviations.js";
import { SENTENCE_STARTERS } from "../tables/words.js";

/**
 * `St.` is a saint or a street, and `Dr.` a doctor or a drive. Voices say a saint and a doctor right before a
 * name, so those stay as they are.
 */
export const streetRules: readonly Rule[] = [
  rule(/(?<![\p{L}\p{N}.])(?:St|ST|st(?=\.))(?<stop>\.?)(?![\p{L}\p{N}])/gu, sayStreet),
  rule(/(?<![\p{L}\p{N}.])(?:Dr|DR|dr(?=\.))(?<stop>\.?)(?![\p{L}\p{N}])/gu, sayDrive),
];

function sayStreet(place: Place): Said {
  const { before, after, part } = place;
  const isStreet = isAfterStreetName(before) && !BEFORE_SAINTS.has(lastWord(before));
  // In small letters, `st. mark` would be a street.
  if (isSaint(after)) return place.written === "st." ? "saint" : null;
  if (!isStreet) return null;
  if (isName(after) && !(part("stop") && ON_STREET.test(before))) return null;
  return withStop("Street", place);
}

/** `He was on Elm St. Tom laughed.`: without such a word, `St.` before a name is a saint. */
const ON_STREET =
  /(?<!\p{L})(?:on|in|at|down|up|along|off|from|to|of|and|near|toward|towards|via|\d{1,5})\s+(?:\p{Lu}\p{L}{1,20}\s+){1,2}$|\d(?:st|nd|rd|th)\s+$/u;

function sayDrive(place: Place): Said {
  const { written, before, after } = place;
  if (/^\s+(?:and|&)\s+\p{Lu}/u.test(after)) return "Doctor";
  if (isName(after)) return ON_DRIVE.test(before) ? withStop("Drive", place) : null;
  if (isAfterStreetName(before)) return withStop("Drive", place);
  return /^\s+\p{Lu}/u.test(after) ? null : withStop(inCaseOf(written, "doctor"), place);
}

const ON_DRIVE = /\d\s+\p{Lu}\p{L}{1,20}\s+$/u;

const withStop = (said: string, { part, after }: Place) =>
  part("stop") && endsSentence(after) ? `${said}.` : said;

function isAfterStreetName(before: string): boolean {
  const name = lastWord(before);
  if (/^\d+(?:st|nd|rd|th)$/.test(name)) return true;
  const isTitle = TITLES.has(name.replace(/\.$/, "").toLowerCase());
  return isCapitalised(name) && !SENTENCE_STARTERS.has(name) && !isTitle && !name.endsWith(".");
}

const isSaint = (after: string) =>
  SAINTS.has(/^\s+(?<name>\p{L}{2,})/u.exec(after)?.groups?.["name"]?.toLowerCase() ?? "");
