import { isHonorific, TITLES_WITH_OF } from "../lexicon/honorifics.js";
import { NEVER_NAMES } from "../lexicon/function-words.js";
import { canOpenAsName, collectReported } from "./reported-names.js";
import { wordSet } from "../lexicon/word-list.js";
import type { Token, TokenList } from "../text/tokens.js";
import { endsAbbreviation } from "../text/tokens.js";

/** Tokens `first` to `last` (exclusive) that name somebody or something. */
export interface NameSpan {
  readonly first: number;
  readonly last: number;
  /** In lower case, without a full stop: "mr". Null if the name has no honorific. */
  readonly honorific: string | null;
  /** The name without honorific, as written: ["Framton", "Nuttel"]. */
  readonly words: readonly string[];
  /** The same words as the text writes them, with the stops of initials: "R. T. Vane". */
  readonly written: string;
}

export interface CaseCount {
  lower: number;
  /** How often the word has a capital where no capital is required. */
  upper: number;
}

export type CaseCounts = ReadonlyMap<string, CaseCount>;

const CONNECTORS = wordSet("de von van du la le del della di da of the");
const PARTICLES = wordSet("de von van du la le del della di da");
const BARE_HONORIFICS = wordSet("mr mrs miss ms messrs m mme mlle st sir dr");
const MOST_WORDS = 5;
const LONGEST_HEADING = 12;

export function countCases(tokens: TokenList): CaseCounts {
  const counts = new Map<string, CaseCount>();
  const isInHeading = findHeadings(tokens);
  for (const token of tokens) {
    if (!token.isWord || isInHeading(token)) continue;
    const count = counts.get(token.lower) ?? { lower: 0, upper: 0 };
    if (!token.isCapital) count.lower += 1;
    else if (!token.isSentenceStart && !isAllCapitals(token)) count.upper += 1;
    counts.set(token.lower, count);
  }
  return counts;
}

/**
 * Returns the indexes of the paragraphs that are titles: at most 12 tokens, a word at the end, and
 * a capital in each word of more than four letters. `findNames` finds no names in titles, because
 * the capitals of titles show no names.
 */
function findHeadings(tokens: TokenList): (token: Token) => boolean {
  const paragraphs = (tokens.get(tokens.length - 1)?.paragraph ?? -1) + 1;
  // A bit map, because a long text can consist of 600,000 headings.
  const headings = new Uint8Array(paragraphs);
  let first = 0;
  for (let at = 1; at <= tokens.length; at += 1) {
    const paragraph = tokens.get(at - 1)?.paragraph ?? 0;
    if (tokens.get(at)?.paragraph === paragraph) continue;
    headings[paragraph] = isHeading(tokens.range(first, at)) ? 1 : 0;
    first = at;
  }
  return ({ paragraph }) => headings[paragraph] === 1;
}

function isHeading(line: TokenList): boolean {
  if (line.length > LONGEST_HEADING || line.get(line.length - 1)?.isWord !== true) return false;
  for (const token of line) {
    if (!token.isCapital && token.text.length > 4 && token.isWord) return false;
  }
  return true;
}

export function isAllCapitals(token: Token): boolean {
  return token.text.length > 1 && token.text === token.text.toUpperCase() && token.isCapital;
}

/**
 * Finds names from left to right. A name is a run of capitalised words. It can contain honorifics,
 * particles ("de", "von") and titles with "of" ("Queen of Hearts").
 */
export function findNames(tokens: TokenList, cases: CaseCounts): readonly NameSpan[] {
  const reader = new NameReader(tokens, cases);
  const names: NameSpan[] = [];
  const isInHeading = findHeadings(tokens);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens.get(at);
    const isCandidate = token?.isCapital === true && !isInHeading(token);
    const name = isCandidate ? reader.read(at) : null;
    if (name === null) continue;
    names.push(name);
    at = name.last - 1;
  }
  return names;
}

class NameReader {
  readonly #tokens: TokenList;
  readonly #cases: CaseCounts;
  readonly #honoured: ReadonlySet<string>;
  readonly #reported: ReadonlySet<string>;

  constructor(tokens: TokenList, cases: CaseCounts) {
    this.#tokens = tokens;
    this.#cases = cases;
    this.#honoured = this.#collectHonoured();
    this.#reported = collectReported(tokens);
  }

  read(first: number): NameSpan | null {
    const token = this.#tokens.get(first);
    if (token === undefined) return null;
    if (isHonorific(token.lower) && !this.#isInitial(first)) {
      const titled = this.#readTitled(first, token);
      if (titled !== null) return titled;
      if (BARE_HONORIFICS.has(token.lower)) return null;
    }
    if (!this.#isNameWord(first) || this.#isOrdinaryOpening(first, token)) return null;
    const last = this.#extend(first);
    return { first, last, honorific: null, ...this.#spellingOf(first, last) };
  }

  #readTitled(first: number, token: Token): NameSpan | null {
    if (token.isPossessive || isAllCapitals(token)) return null;
    const at = this.#skipStop(first);
    const next = this.#tokens.get(at);
    if (next === undefined || !next.isCapital || !this.#isBeside(at)) return null;
    if (!BARE_HONORIFICS.has(token.lower) && !this.#isNameWord(at)) return null;
    const last = this.#extend(at);
    return { first, last, honorific: token.lower, ...this.#spellingOf(at, last) };
  }

  /**
   * Returns the capitalised words that follow Mr, Mrs, Miss or a similar honorific somewhere in the
   * text. Such a word is a name in the whole text, even if the word has other meanings: "Hall",
   * "March".
   */
  #collectHonoured(): ReadonlySet<string> {
    const honoured = new Set<string>();
    this.#tokens.forEach((token, index) => {
      if (!token.isCapital || !BARE_HONORIFICS.has(token.lower)) return;
      const next = this.#tokens.get(this.#skipStop(index));
      if (next?.isCapital === true) honoured.add(next.lower);
    });
    return honoured;
  }

  #skipStop(at: number): number {
    return endsAbbreviation(this.#tokens, at + 1) ? at + 2 : at + 1;
  }

  #isBeside(at: number): boolean {
    const token = this.#tokens.get(at);
    const before = this.#tokens.get(at - 1);
    return token?.paragraph === before?.paragraph && token?.quote === before?.quote;
  }

  #isNameWord(at: number): boolean {
    const token = this.#tokens.get(at);
    if (token === undefined || !token.isCapital || isAllCapitals(token)) return false;
    if (token.text.length === 1)
      return token.lower !== "i" && this.#tokens.get(at + 1)?.text === ".";
    const isKnown = this.#honoured.has(token.lower) || this.#reported.has(token.lower);
    return isKnown || !NEVER_NAMES.has(token.lower);
  }

  /** True for an initial before another initial: the "M" of "M. R. Hale" is not Monsieur. */
  #isInitial(at: number): boolean {
    const next = this.#skipStop(at);
    return [at, next].every((one) => this.#isLetter(one)) && next === at + 2;
  }

  #isLetter(at: number): boolean {
    return this.#tokens.get(at)?.text.length === 1 && endsAbbreviation(this.#tokens, at + 1);
  }

  /**
   * True if the token opens a sentence and is not a name. Elsewhere in the text, such a word is
   * lower-case more often than capitalised.
   */
  #isOrdinaryOpening(at: number, token: Token): boolean {
    if (!token.isSentenceStart) return false;
    if (this.#reported.has(token.lower) && !canOpenAsName(this.#tokens, at)) return true;
    const count = this.#cases.get(token.lower);
    return count !== undefined && count.lower > count.upper;
  }

  #extend(first: number): number {
    let last = first + 1;
    while (last - first < MOST_WORDS && this.#tokens.get(last - 1)?.isPossessive === false) {
      const next = this.#nextWord(last);
      if (next === null) break;
      last = next + 1;
    }
    return last;
  }

  /**
   * Returns the index of the next word of a name. Skips the full stop of an initial, particles, and
   * "of" after a title. Returns null if the name has no further word.
   */
  #nextWord(at: number): number | null {
    let next = at;
    if (endsAbbreviation(this.#tokens, next)) next += 1;
    const previous = this.#tokens.get(at - 1)?.lower ?? "";
    const isTitled = this.#tokens.get(next)?.lower === "of" && TITLES_WITH_OF.has(previous);
    while (this.#isConnector(next, isTitled)) next += 1;
    return this.#isNameWord(next) && this.#isBeside(next) ? next : null;
  }

  #isConnector(at: number, isTitled: boolean): boolean {
    const lower = this.#tokens.get(at)?.lower ?? "";
    return this.#isBeside(at) && (PARTICLES.has(lower) || (isTitled && CONNECTORS.has(lower)));
  }

  #spellingOf(first: number, last: number): Pick<NameSpan, "words" | "written"> {
    const tokens = [...this.#tokens.range(first, last)];
    const written = tokens.map(({ text, start }, index) => {
      const isApart = index > 0 && start > (tokens[index - 1]?.end ?? 0);
      return isApart ? ` ${text}` : text;
    });
    const words = tokens.filter(({ isWord }) => isWord).map(({ text }) => text);
    return { words, written: written.join("") };
  }
}
