import { FEMALE_NAMES, MALE_NAMES } from "../lexicon/first-names.js";
import { LOCATIVE_PREPOSITIONS, PREPOSITIONS } from "../lexicon/function-words.js";
import { FEMALE_HONORIFICS, MALE_HONORIFICS } from "../lexicon/honorifics.js";
import {
  COMMON_VERBS,
  MEETING_VERBS,
  PERSON_VERBS,
  REPORTING_VERBS,
  WEAK_SPEECH_VERBS,
} from "../lexicon/speech-verbs.js";
import { wordSet } from "../lexicon/word-list.js";
import type { Gender } from "../document.js";
import type { CaseCounts, NameSpan } from "./names.js";
import { FEWEST_REPORTS, isReported } from "./reported-names.js";
import type { Token, TokenList } from "../text/tokens.js";

/**
 * One way of writing a name. The larger `evidence` is, the more probably the name means a person.
 */
export interface NameForm {
  readonly key: string;
  readonly honorific: string | null;
  readonly words: readonly string[];
  /** The words as the text writes them, with the stops of initials. */
  readonly written: string;
  readonly lowers: readonly string[];
  gender: Gender;
  /** The gender of most pronouns that follow the form, even if they are few. */
  leaning: Gender;
  count: number;
  withThe: number;
  vocatives: number;
  /** How often the form is right after a speech verb after a quote: “Yes,” said Pshaw. */
  reports: number;
  /** How often a verb that only fits people follows the name: "Marta laughed". */
  acts: number;
  evidence: number;
}

/**
 * A word that has a capital only at the start of sentences counts as a name if it never occurs in
 * lower case and has at least this many `acts`.
 */
const FEWEST_ACTS = 2;
const SURNAME_EVIDENCE = 2;

const BEFORE_VOCATIVE = wordSet(
  "oh o dear well no yes come now ah my here hullo hello hey but and please thanks you old poor good morning",
);

export function formKey(name: NameSpan): string {
  return [name.honorific ?? "", ...name.words.map((word) => word.toLowerCase())].join(" ").trim();
}

/**
 * Counts the forms of names and sums up the evidence of each form. Evidence for a person: an
 * honorific, a known first name, a speech verb before or a verb after the name, a vocative, or a
 * possessive. Evidence against a person: a preposition of place before the name.
 */
export function collectForms(tokens: TokenList, names: readonly NameSpan[]): Map<string, NameForm> {
  const forms = new Map<string, NameForm>();
  for (const name of names) {
    const key = formKey(name);
    const form = forms.get(key) ?? newForm(key, name);
    form.count += 1;
    form.withThe += isAfterThe(tokens, name) ? 1 : 0;
    form.acts += isActing(tokens, name) ? 1 : 0;
    form.reports += name.honorific === null && isReported(tokens, name.first) ? 1 : 0;
    form.vocatives += isVocative(tokens, name) ? 1 : 0;
    form.evidence += evidenceOf(tokens, name);
    forms.set(key, form);
  }
  addSurnameEvidence(forms);
  return forms;
}

/** "Finch" is a person's name if the text also has a Mrs. Finch. */
function addSurnameEvidence(forms: ReadonlyMap<string, NameForm>): void {
  const titled = [...forms.values()].filter(({ honorific }) => honorific !== null);
  for (const surname of new Set(titled.map(({ lowers }) => lowers.at(-1) ?? ""))) {
    const form = forms.get(surname);
    if (form !== undefined) form.evidence += SURNAME_EVIDENCE;
  }
}

function newForm(key: string, name: NameSpan): NameForm {
  const lowers = name.words.map((word) => word.toLowerCase());
  const { honorific, words, written } = name;
  const gender = genderOfForm(honorific, lowers);
  const counts = { count: 0, withThe: 0, vocatives: 0, reports: 0, acts: 0, evidence: 0 };
  return { key, honorific, words, written, lowers, gender, leaning: "unknown", ...counts };
}

export function genderOfForm(honorific: string | null, lowers: readonly string[]): Gender {
  if (honorific !== null && FEMALE_HONORIFICS.has(honorific)) return "female";
  if (honorific !== null && MALE_HONORIFICS.has(honorific)) return "male";
  return genderOfFirstName(lowers[0] ?? "");
}

/** An initial has no gender: the "M." of "M. R. Hale" is not Monsieur. */
function genderOfFirstName(lower: string): Gender {
  if (lower.length === 1) return "unknown";
  if (FEMALE_NAMES.has(lower) || FEMALE_HONORIFICS.has(lower)) return "female";
  return MALE_NAMES.has(lower) || MALE_HONORIFICS.has(lower) ? "male" : "unknown";
}

function evidenceOf(tokens: TokenList, name: NameSpan): number {
  const clues: readonly (readonly [boolean, number])[] = [
    [name.honorific !== null, 3],
    [isFirstName(name.words[0]), 2],
    [isSubjectOfVerb(tokens, name), 1],
    [MEETING_VERBS.has(tokens.get(name.first - 1)?.lower ?? ""), 1],
    [isVocative(tokens, name), 2],
    [isPossessiveBefore(tokens, name.last), 0.5],
    [isInPlace(tokens.get(name.first - 1)), -1],
  ];
  return clues.reduce((sum, [holds, weight]) => sum + (holds ? weight : 0), 0);
}

function isFirstName(word: string | undefined): boolean {
  const lower = word?.toLowerCase() ?? "";
  return FEMALE_NAMES.has(lower) || MALE_NAMES.has(lower);
}

function isInPlace(before: Token | undefined): boolean {
  return before !== undefined && LOCATIVE_PREPOSITIONS.has(before.lower);
}

function isSubjectOfVerb(tokens: TokenList, name: NameSpan): boolean {
  const next = tokens.get(name.last)?.lower ?? "";
  const before = tokens.get(name.first - (isAfterThe(tokens, name) ? 2 : 1))?.lower ?? "";
  const isReported = REPORTING_VERBS.has(before) || WEAK_SPEECH_VERBS.has(before);
  const isVerb = COMMON_VERBS.has(next) || REPORTING_VERBS.has(next) || next.endsWith("ed");
  return isVerb || isReported;
}

function isActing(tokens: TokenList, name: NameSpan): boolean {
  const next = tokens.get(name.last)?.lower ?? "";
  return PERSON_VERBS.has(next) || REPORTING_VERBS.has(next);
}

export function isAfterPreposition(tokens: TokenList, first: number): boolean {
  const before = tokens.get(first - 1);
  if (before === undefined) return false;
  const word = before.lower === "the" ? tokens.get(first - 2) : before;
  return word?.quote === before.quote && PREPOSITIONS.has(word.lower);
}

function isAfterThe(tokens: TokenList, name: NameSpan): boolean {
  return tokens.get(name.first - 1)?.lower === "the";
}

/**
 * True if the words before `last` are possessive. In a text that lost its apostrophes, "Clara s hat"
 * is written for "Clara's hat".
 */
export function isPossessiveBefore(tokens: TokenList, last: number): boolean {
  return tokens.get(last - 1)?.isPossessive === true || tokens.get(last)?.text === "s";
}

/**
 * True if the speaker of a quote addresses the named person: "Come here, Alice!" On each side of
 * such a name is punctuation or an end of the quote. Before the name, a word such as "dear" or "oh"
 * is also possible.
 */
export function isVocative(tokens: TokenList, name: NameSpan): boolean {
  const own = tokens.get(name.first);
  const last = tokens.get(name.last - 1);
  if (own === undefined || own.quote === -1 || last?.isPossessive === true) return false;
  return (
    isSetOffBefore(tokens, name.first, own.quote) && isSetOffAfter(tokens, name.last, own.quote)
  );
}

function isSetOffBefore(tokens: TokenList, first: number, quote: number): boolean {
  const before = tokens.get(first - 1);
  if (before?.quote !== quote) return true;
  if (before.isWord) return BEFORE_VOCATIVE.has(before.lower);
  return /[,“"‘'—!?.;]/u.test(before.text);
}

function isSetOffAfter(tokens: TokenList, last: number, quote: number): boolean {
  const after = tokens.get(last);
  if (after?.quote !== quote) return true;
  if (after.isWord) return false;
  return /[,!?.;—”"’'-]/u.test(after.text) && tokens.get(last + 1)?.lower !== "and";
}

/**
 * True if the form can be a name in this text. A form with an honorific is always a name. The last
 * word of any other form must not be mostly lower-case in the text. In addition, the form needs one
 * sign of a name: a capital inside a sentence, a known first name, or enough `acts`.
 */
export function isNameForm(form: NameForm, cases: CaseCounts): boolean {
  if (form.honorific !== null || form.reports >= FEWEST_REPORTS) return true;
  const core = cases.get(form.lowers.at(-1) ?? "");
  if (core !== undefined && core.lower > core.upper * 1.5 + 1) return false;
  if (core?.lower === 0 && form.acts >= FEWEST_ACTS) return true;
  return isFirstNameOrCapital(form, cases);
}

function isFirstNameOrCapital({ lowers }: NameForm, cases: CaseCounts): boolean {
  if (genderOfFirstName(lowers[0] ?? "") !== "unknown") return true;
  return lowers.some((lower) => (cases.get(lower)?.upper ?? 0) > 0);
}

/** True if the forms of one name together give enough evidence that the name means a person. */
export function isPerson(forms: readonly NameForm[]): boolean {
  const evidence = forms.reduce((sum, form) => sum + form.evidence, 0);
  const count = forms.reduce((sum, form) => sum + form.count, 0);
  return evidence >= 2 || (evidence > 0 && evidence >= count * 0.1);
}
