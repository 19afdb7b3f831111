import { beginsSentence, endsSentence, inCaseOf, isCapitalised, lastWord } from "../context.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import { BEFORE_SAINTS, SAINTS } from "../tables/saints.js";
import { TITLES } from "../tables/abbreviations.js";
import { SENTENCE_STARTERS } from "../tables/words.js";

/**
 * `St.` is a saint or a street, and `Dr.` a doctor or a drive. Voices say a saint and a doctor right before a
 * name, so those stay as they are.
 */
export const streetRules: readonly Rule[] = [
  rule(/(?<![\p{L}\p{N}.])(?:St|ST)(?<stop>\.?)(?![\p{L}\p{N}])/dgu, sayStreet),
  rule(/(?<![\p{L}\p{N}.])(?:Dr|DR)(?<stop>\.?)(?![\p{L}\p{N}])/dgu, sayDrive),
];

function sayStreet(place: Place): Said {
  const { before, after, part } = place;
  if (!isAfterStreetName(before) || BEFORE_SAINTS.has(lastWord(before)) || isSaint(after))
    return null;
  if (!part("stop") && isName(after)) return null;
  return withStop("Street", place);
}

function sayDrive(place: Place): Said {
  const { written, before, after } = place;
  if (isName(after))
    return /\d\s+\p{Lu}\p{L}{1,20}\s+$/u.test(before) ? withStop("Drive", place) : null;
  if (/^\s+(?:and|&)\s+\p{Lu}/u.test(after)) return "Doctor";
  if (isAfterStreetName(before)) return withStop("Drive", place);
  return withStop(inCaseOf(written, "doctor"), place);
}

const withStop = (said: string, { part, after }: Place) =>
  part("stop") && endsSentence(after) ? `${said}.` : said;

function isAfterStreetName(before: string): boolean {
  const name = lastWord(before);
  if (/^\d+(?:st|nd|rd|th)$/.test(name)) return true;
  const isTitle = TITLES.has(name.replace(/\.$/, "").toLowerCase());
  return isCapitalised(name) && !SENTENCE_STARTERS.has(name) && !isTitle;
}

const isName = (after: string) => /^\s+\p{Lu}/u.test(after) && !beginsSentence(after);

const isSaint = (after: string) =>
  SAINTS.has(/^\s+(?<name>\p{Lu}\p{L}+)/u.exec(after)?.groups?.["name"]?.toLowerCase() ?? "");
