import { isSaidAlone, spellInLatin, spellOut } from "./word-spelling.js";

/** A word as it is written, with UTF-16 offsets. */
export interface WrittenWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What is said without a pause inside: a word, or a piece of a word that is very long or is said as
 * several words.
 */
export interface SpokenUnit {
  /** The index of the word in `SpokenText.words`. */
  readonly word: number;
  /** ASCII, without the punctuation around the word. */
  readonly spoken: string;
  /** The punctuation after the unit that shapes the melody: one of `,.;:?!`, or an empty string. */
  readonly stop: string;
}

export interface SpokenText {
  readonly words: readonly WrittenWord[];
  readonly units: readonly SpokenUnit[];
  /**
   * Words that cannot be written in Latin letters or digits, for example Chinese words. They are
   * also in `words`, but they have no units and stay silent.
   */
  readonly unreadable: readonly WrittenWord[];
  /** True if the text has signs that are not said, such as emoji. */
  readonly hasSilentSigns: boolean;
}

type Lexicon = readonly { readonly word: string; readonly saidAs: string }[];

/**
 * A longer word is said in pieces, because the time of the flite engine grows with the square of a
 * word's length.
 */
const MAX_WORD_CHARS = 60;

/** A mark that points to a note: `[12]`, `[*]`. */
const NOTE_MARK = String.raw`\[(?:\d{1,3}|\*+)\]`;
const TOKENS = new RegExp(
  String.raw`${NOTE_MARK}|(?:(?!--|${NOTE_MARK}|\p{Extended_Pictographic})[^\s—–…])+|--+|[—–…]+|\p{Extended_Pictographic}+`,
  "gu",
);

/**
 * Splits a text into words, in order, and writes each word as units in ASCII that an English engine
 * can say. Dashes and ellipses separate words and are said like a comma.
 */
export function prepareSpokenText(text: string, lexicon: Lexicon = []): SpokenText {
  const saidAs = new Map(lexicon.map((entry) => [entry.word.toLowerCase(), entry.saidAs]));
  const words: WrittenWord[] = [];
  const unreadable: WrittenWord[] = [];
  const units: SpokenUnit[] = [];
  let hasSilentSigns = false;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const core = coreOf(token);
    hasSilentSigns ||= isAnySilent(core ? token.replace(core.text, "") : token);
    if (core === null) {
      endLastUnit(units, stopOf(token));
      continue;
    }
    const start = index + core.offset;
    const word = { text: core.text, start, end: start + core.text.length };
    const lexical = saidAs.get(core.text.toLowerCase());
    const spoken =
      lexical === undefined ? spellOut(core.text, words.at(-1)?.text) : spellInLatin(lexical);
    const pieces = piecesOf(spoken);
    if (pieces.length === 0) unreadable.push(word);
    units.push(...pieces.map((piece) => ({ word: words.length, spoken: piece, stop: "" })));
    endLastUnit(units, stopOf(token.slice(core.offset + core.text.length)));
    words.push(word);
  }
  return { words, units, unreadable, hasSilentSigns };
}

/**
 * True if the text around a word contains signs that are not said, such as emoji. Markup signs,
 * such as `|` and `<`, do not count, because a listener does not miss them.
 */
const isAnySilent = (around: string) =>
  new RegExp(String.raw`${NOTE_MARK}|[^\P{S}~|<>\x60^]|\p{Co}|[⁰¹²³⁴-⁹]`, "u").test(around);

/**
 * Returns the part of a token that is said. Leaves out quotes, brackets, punctuation and note marks
 * around the word. Returns null if nothing is said.
 */
function coreOf(token: string): { readonly text: string; readonly offset: number } | null {
  if (isSaidAlone(token)) return { text: token, offset: 0 };
  if (new RegExp(`^${NOTE_MARK}$`).test(token)) return null;
  const match = /[-−+°$£€¥₹#@&]?[\p{L}\p{N}](?:.*[\p{L}\p{M}\p{N}%+°£€¥₹$])?/su.exec(token);
  if (!match) return null;
  const unmarked = /^(.*\p{L}{3,})\P{L}*?[⁰¹²³⁴-⁹]+$/su.exec(match[0])?.[1];
  return { text: unmarked ?? match[0], offset: match.index };
}

function stopOf(after: string): string {
  return (
    /[?!]/.exec(after)?.[0] ?? /[.;:,]/.exec(after)?.[0] ?? (/[—–…]|--/.test(after) ? "," : "")
  );
}

function endLastUnit(units: SpokenUnit[], stop: string): void {
  const last = units.at(-1);
  if (last && stop && !last.stop) units[units.length - 1] = { ...last, stop };
}

function piecesOf(spoken: string): readonly string[] {
  if (!/[a-z0-9]/i.test(spoken)) return [];
  return spoken
    .split(/\s+/)
    .flatMap((part) => part.match(new RegExp(`.{1,${MAX_WORD_CHARS}}`, "g")) ?? []);
}

/**
 * Splits units into breaths. A breath is a run of units with at most `maxChars` characters, which
 * one call of the engine says. A breath ends after a sentence if possible. Otherwise it ends after
 * a comma, semicolon or colon, or else after any unit.
 */
export function breaths(
  units: readonly SpokenUnit[],
  maxChars: number,
): readonly (readonly SpokenUnit[])[] {
  const runs: (readonly SpokenUnit[])[] = [];
  let rest = units;
  while (rest.length > 0) {
    const run = rest.slice(0, breakIn(rest, maxChars));
    runs.push(run);
    rest = rest.slice(run.length);
  }
  return runs;
}

function breakIn(units: readonly SpokenUnit[], maxChars: number): number {
  let chars = 0;
  let fitting = 0;
  for (const unit of units) {
    chars += unit.spoken.length + unit.stop.length + 1;
    if (chars > maxChars && fitting > 0) break;
    fitting += 1;
  }
  if (fitting === units.length) return fitting;
  const lastStop = (stops: RegExp) =>
    units.slice(0, fitting).findLastIndex(({ stop }) => stops.test(stop)) + 1;
  return lastStop(/[.?!]/) || lastStop(/[,;:]/) || fitting;
}

/** Returns the text that the engine gets for these units. */
export const lineOf = (units: readonly SpokenUnit[]) =>
  units.map(({ spoken, stop }) => spoken + stop).join(" ");
