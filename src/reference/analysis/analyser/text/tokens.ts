import type { Paragraph } from "../document.js";
import { ABBREVIATIONS } from "../lexicon/honorifics.js";
import type { Quote } from "./quotes/quotes.js";

/** What a word or a punctuation mark is, wherever the text repeats it. */
interface WrittenWord {
  /** The written text without the possessive 's. */
  readonly text: string;
  readonly lower: string;
  /** The length in the text, with the possessive 's. */
  readonly length: number;
  readonly isWord: boolean;
  readonly isCapital: boolean;
  readonly isPossessive: boolean;
}

interface TokenPlace {
  readonly start: number;
  readonly paragraph: number;
  readonly quote: number;
}

/**
 * A word or a punctuation mark of the text. `quote` is the index of the token's quote, or -1 in
 * narration.
 */
export interface Token extends Omit<WrittenWord, "length">, TokenPlace {
  readonly end: number;
  readonly isSentenceStart: boolean;
}

/** Tokens in reading order. A list makes its tokens when they are read, and keeps none of them. */
export interface TokenList extends Iterable<Token> {
  readonly length: number;
  /** Returns a token, or undefined outside the list. */
  get(at: number): Token | undefined;
  forEach(read: (token: Token, at: number) => void): void;
  /** Returns the tokens `first` to `last` (exclusive), as far as the list has them. */
  range(first: number, last: number): TokenList;
}

const TOKEN = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\p{N}+|[^\s\p{L}\p{M}\p{N}_*]/gu;
const WORD = /^[\p{L}\p{N}]/u;
const CAPITAL = /^\p{Lu}/u;
const POSSESSIVE = /['’]s?$/iu;
const STOP = /[.!?:;…—]/u;
/**
 * The largest number of quotation marks and brackets between a full stop and the first word of the
 * next sentence. Without this limit, a page of marks would take quadratic time.
 */
const MOST_MARKS = 6;
const MARKS_AROUND = /["“”‘'’«»()[\]]/u;

/**
 * Splits a text into tokens. Skips underscores and asterisks, because they mark italics in plain
 * text.
 */
export function tokenize(
  text: string,
  paragraphs: readonly Paragraph[],
  quotes: readonly Quote[],
): TokenList {
  const store = new TokenStore(text.length);
  let next = 0;
  for (const paragraph of paragraphs) {
    const opening = store.length;
    for (const match of text.slice(paragraph.start, paragraph.end).matchAll(TOKEN)) {
      const start = paragraph.start + match.index;
      while (next < quotes.length && (quotes[next]?.end ?? 0) <= start) next += 1;
      const quote = quotes[next];
      const place = {
        start,
        paragraph: paragraph.index,
        quote: quote !== undefined && quote.start <= start ? next : -1,
      };
      store.add(match[0], place, opensSentence(store, opening, place.quote));
    }
  }
  return new TokenRange(store, 0, store.length);
}

function writtenWord(raw: string): WrittenWord {
  const isWord = WORD.test(raw);
  const isPossessive = isWord && POSSESSIVE.test(raw);
  const text = isPossessive ? raw.replace(POSSESSIVE, "") : raw;
  return {
    text,
    lower: text.toLowerCase().replaceAll("’", "'"),
    length: raw.length,
    isWord,
    isCapital: CAPITAL.test(raw),
    isPossessive,
  };
}

/**
 * Keeps tokens as numbers, 17 bytes each, and every different word once. As objects, the tokens of a
 * text of 2,000,000 punctuation marks would take 350 MB.
 */
class TokenStore {
  length = 0;
  readonly #words: WrittenWord[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #wordOf: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #paragraphs: Uint32Array;
  readonly #quotes: Int32Array;
  readonly #sentenceStarts: Uint8Array;

  /** Memory that no token uses yet is not taken from the system. */
  constructor(capacity: number) {
    this.#wordOf = new Uint32Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#paragraphs = new Uint32Array(capacity);
    this.#quotes = new Int32Array(capacity);
    this.#sentenceStarts = new Uint8Array(capacity);
  }

  add(raw: string, place: TokenPlace, isSentenceStart: boolean): void {
    const at = this.length;
    this.#wordOf[at] = this.#indexOf(raw);
    this.#starts[at] = place.start;
    this.#paragraphs[at] = place.paragraph;
    this.#quotes[at] = place.quote;
    this.#sentenceStarts[at] = isSentenceStart ? 1 : 0;
    this.length += 1;
  }

  get(at: number): Token | undefined {
    const word = at < this.length ? this.#words[this.#wordOf[at] ?? -1] : undefined;
    return word && new StoredToken(this, at, word);
  }

  start(at: number): number {
    return this.#starts[at] ?? 0;
  }

  paragraph(at: number): number {
    return this.#paragraphs[at] ?? 0;
  }

  quote(at: number): number {
    return this.#quotes[at] ?? -1;
  }

  isSentenceStart(at: number): boolean {
    return this.#sentenceStarts[at] === 1;
  }

  #indexOf(raw: string): number {
    const known = this.#indexes.get(raw);
    if (known !== undefined) return known;
    this.#indexes.set(raw, this.#words.length);
    return this.#words.push(writtenWord(raw)) - 1;
  }
}

class StoredToken implements Token {
  readonly #store: TokenStore;
  readonly #at: number;
  readonly #word: WrittenWord;

  constructor(store: TokenStore, at: number, word: WrittenWord) {
    this.#store = store;
    this.#at = at;
    this.#word = word;
  }

  get text(): string {
    return this.#word.text;
  }

  get lower(): string {
    return this.#word.lower;
  }

  get isWord(): boolean {
    return this.#word.isWord;
  }

  get isCapital(): boolean {
    return this.#word.isCapital;
  }

  get isPossessive(): boolean {
    return this.#word.isPossessive;
  }

  get start(): number {
    return this.#store.start(this.#at);
  }

  get end(): number {
    return this.#store.start(this.#at) + this.#word.length;
  }

  get paragraph(): number {
    return this.#store.paragraph(this.#at);
  }

  get quote(): number {
    return this.#store.quote(this.#at);
  }

  get isSentenceStart(): boolean {
    return this.#store.isSentenceStart(this.#at);
  }
}

class TokenRange implements TokenList {
  readonly length: number;
  readonly #store: TokenStore;
  readonly #first: number;

  constructor(store: TokenStore, first: number, last: number) {
    this.#store = store;
    this.#first = first;
    this.length = last - first;
  }

  get(at: number): Token | undefined {
    return at >= 0 && at < this.length ? this.#store.get(this.#first + at) : undefined;
  }

  forEach(read: (token: Token, at: number) => void): void {
    for (let at = 0; at < this.length; at += 1) {
      const token = this.#store.get(this.#first + at);
      if (token !== undefined) read(token, at);
    }
  }

  *[Symbol.iterator](): Generator<Token> {
    for (let at = 0; at < this.length; at += 1) {
      const token = this.#store.get(this.#first + at);
      if (token !== undefined) yield token;
    }
  }

  range(first: number, last: number): TokenList {
    const [from, to] = [Math.max(0, first), Math.min(this.length, last)];
    return new TokenRange(this.#store, this.#first + from, this.#first + Math.max(from, to));
  }
}

function opensSentence(tokens: TokenStore, opening: number, quote: number): boolean {
  const furthest = Math.max(opening, tokens.length - MOST_MARKS);
  for (let at = tokens.length - 1; at >= furthest; at -= 1) {
    const before = tokens.get(at);
    if (before === undefined) return true;
    if (quote !== -1 && before.quote !== quote) return true;
    if (before.isWord) return false;
    if (STOP.test(before.text)) return !endsAbbreviation(tokens, at);
    if (!MARKS_AROUND.test(before.text)) return false;
  }
  return true;
}

/** True if the full stop at `at` belongs to a word such as "Mr" or to an initial. */
export function endsAbbreviation(tokens: Pick<TokenList, "get">, at: number): boolean {
  const word = tokens.get(at - 1);
  const stop = tokens.get(at);
  if (word === undefined || stop?.text !== "." || word.end !== stop.start) return false;
  const isInitial = word.text.length === 1 && word.isCapital && word.lower !== "i";
  return isInitial || ABBREVIATIONS.has(word.lower);
}
