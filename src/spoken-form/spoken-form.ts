import { EditedText } from "../platform/text/edited-text.js";
import type { Finding, Rule } from "./rule.js";
import { isKept, wordsToKeep } from "./kept-words.js";
import { abbreviationRules } from "./rules/abbreviations.js";
import { addressRules } from "./rules/addresses.js";
import { cryRules } from "./rules/cries.js";
import { dateRules } from "./rules/dates.js";
import { figureRules } from "./rules/figures.js";
import { initialRules } from "./rules/initials.js";
import { measureRules } from "./rules/measures.js";
import { moneyRules } from "./rules/money.js";
import { numeralRules } from "./rules/numerals.js";
import { signRules } from "./rules/signs.js";
import { streetRules } from "./rules/streets.js";
import { timeRules } from "./rules/times.js";

export interface SpokenFormOptions {
  /** The language of the text, for example `en` or `en-GB`. */
  readonly language: string;
  /** Words that stay as they are written, because the owner's lexicon says how they sound. */
  readonly keep?: readonly string[];
}

/**
 * The rules in the order of their rank. If two findings overlap, the finding of the earlier rule counts. A rule
 * for a long form stands before the rules for its parts: `10.15 a.m.` is a time, and `10.15` a decimal.
 */
const RULES: readonly Rule[] = [
  ...addressRules,
  ...moneyRules,
  ...dateRules,
  ...timeRules,
  ...measureRules,
  ...figureRules,
  ...numeralRules,
  ...streetRules,
  ...abbreviationRules,
  ...initialRules,
  ...signRules,
  ...cryRules,
];

/**
 * Writes a text as a reader says it: abbreviations, money, dates, units, numerals, signs and cries become words.
 * Leaves alone what every voice says right, for example plain numbers. Only English is changed.
 * @param text one segment of a script, which may be several sentences
 * @returns the spoken form, with the place of each of its parts in the text
 */
export function spokenForm(text: string, { language, keep = [] }: SpokenFormOptions): EditedText {
  if (!/^en(?:$|[-_])/i.test(language)) return new EditedText(text, []);
  const kept = wordsToKeep(keep);
  const taken = new Uint8Array(text.length);
  const findings: Finding[] = [];
  for (const find of RULES) {
    for (const finding of find(text)) {
      if (!isKept(text, finding, kept) && takes(finding, taken)) findings.push(finding);
    }
  }
  const edits = findings.flat().sort((one, other) => one.start - other.start);
  return new EditedText(text, edits);
}

/** Takes the place of a finding, from its first edit to its last. Returns false if another finding is there. */
function takes(finding: Finding, taken: Uint8Array): boolean {
  const start = finding[0]?.start ?? 0;
  const end = finding.at(-1)?.end ?? 0;
  if (taken.subarray(start, end).includes(1)) return false;
  taken.fill(1, start, end);
  return true;
}
