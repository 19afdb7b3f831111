import { FEMALE_NAMES, MALE_NAMES } from "../lexicon/first-names.js";
import { DETERMINERS, NEVER_NAMES, SUBJECT_PRONOUNS } from "../lexicon/function-words.js";
import { isHonorific } from "../lexicon/honorifics.js";
import { COMMON_VERBS, REPORTING_VERBS, WEAK_SPEECH_VERBS } from "../lexicon/speech-verbs.js";
import type { TokenList } from "../text/tokens.js";

/** A word that is so often right after a speech verb is a name, whatever else it means. */
export const FEWEST_REPORTS = 3;

/**
 * Returns the capitalised words that are names because speech verbs after quotes name them: “Yes,”
 * said Pshaw. Three such places make any word a name. One makes a first name of a word that has
 * other meanings, too: “Yes,” cried May.
 */
export function collectReported(tokens: TokenList): ReadonlySet<string> {
  const counts = new Map<string, number>();
  tokens.forEach(({ quote, isWord }, at) => {
    if (quote !== -1 || !isWord || tokens.get(at - 1)?.quote === -1) return;
    const name = tokens.get(at + 1);
    if (name === undefined || !isReported(tokens, at + 1)) return;
    counts.set(name.lower, (counts.get(name.lower) ?? 0) + 1);
  });
  const names = [...counts].filter(([lower, count]) => count >= fewestReports(lower));
  return new Set(names.map(([lower]) => lower));
}

function fewestReports(lower: string): number {
  return FEMALE_NAMES.has(lower) || MALE_NAMES.has(lower) ? 1 : FEWEST_REPORTS;
}

/** True if the token at `at` is the only capitalised word after a speech verb after a quote. */
export function isReported(tokens: TokenList, at: number): boolean {
  const [before, verb, name] = [at - 2, at - 1, at].map((one) => tokens.get(one));
  if (verb?.quote !== -1 || name?.quote !== -1 || before?.quote === -1) return false;
  const isOneParagraph = [before, name].every((one) => one?.paragraph === verb.paragraph);
  return isOneParagraph && isSpeechVerb(verb.lower) && isLoneCapital(tokens, at);
}

function isSpeechVerb(lower: string): boolean {
  return REPORTING_VERBS.has(lower) || WEAK_SPEECH_VERBS.has(lower);
}

function isLoneCapital(tokens: TokenList, at: number): boolean {
  const name = tokens.get(at);
  if (name?.isCapital !== true || name.text.length === 1) return false;
  const isFunctionWord = DETERMINERS.has(name.lower) || SUBJECT_PRONOUNS.has(name.lower);
  return !isFunctionWord && !isHonorific(name.lower) && tokens.get(at + 1)?.isCapital !== true;
}

/**
 * True if a word that opens a sentence can be a name there: “May laughed”, but not “May I come?”.
 */
export function canOpenAsName(tokens: TokenList, at: number): boolean {
  const word = tokens.get(at);
  if (word === undefined || !NEVER_NAMES.has(word.lower)) return true;
  const next = tokens.get(at + 1)?.lower ?? "";
  const isVerb = COMMON_VERBS.has(next) || REPORTING_VERBS.has(next) || next.endsWith("ed");
  return word.isPossessive || isVerb;
}
