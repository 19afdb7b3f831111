import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { findPairedSigns } from "./paired-signs.js";

/** A Markdown escape, a row of marks, or the end of a paragraph. */
const MARK = /\\[!-/:-@[-`{-~]|_+|\*+|\n[^\S\n]*\n/gu;
const SPACE = /^\s?$/u;
const WORD = /[\p{L}\p{M}\p{N}]/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const LONGEST = 3;
/** A text in italics can have several paragraphs. */
const MOST_PARAGRAPHS = 40;
const REST_OF_WORD = /(?:_|\*)+\p{Ll}{1,40}(?![\p{L}\p{N}_*])/uy;
const MARKED_REST = /(?<=\p{L})(_+|\*+)\p{Ll}{1,40}\1(?![\p{L}\p{N}_*])/uy;
/** A mark directly after the end of a sentence begins nothing. A mark after an ellipsis can. */
const AFTER_STOP = /(?<=(?:^|[^.])[.!?,;:])(?=[_*]+[\p{L}\p{N}])/uy;
const LONGEST_PART = 40;
const LETTERS = /^\p{L}+$/u;

interface Mark {
  readonly sign: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the marks that show emphasis in plain text: _word_, *word*, **several words**, =word=. A pair of marks stands
 * around whole words, or around a part of one word. Also finds the backslashes of Markdown.
 */
export function findEmphasis(text: string): readonly ApparatusSpan[] {
  const pairs = new PairFinder(text);
  const escapes: ApparatusSpan[] = [];
  for (const { 0: sign, index: start } of text.matchAll(MARK)) {
    const end = start + sign.length;
    if (sign.startsWith("\\"))
      escapes.push(silent({ start, end: start + 1 }, ApparatusKind.Character));
    else if (sign.startsWith("\n")) pairs.endParagraph(start);
    else pairs.add({ sign, start, end });
  }
  const marks = [...pairs.found, ...findPairedSigns(text)].map((mark) =>
    silent(mark, ApparatusKind.Emphasis),
  );
  return [...marks, ...escapes].sort((a, b) => a.start - b.start);
}

const silent = ({ start, end }: Omit<Mark, "sign">, kind: ApparatusKind): ApparatusSpan => ({
  kind,
  start,
  end,
  said: "",
});

class PairFinder {
  readonly found: Mark[] = [];
  readonly #text: string;
  /** The last mark of each sign that has no partner yet. */
  readonly #open = new Map<string, Mark>();
  /** The last mark of each character that has no partner. */
  readonly #strays = new Map<string, number>();
  /** Marks at the start of earlier paragraphs, whose partner can be in a later paragraph. */
  #carried: Mark[] = [];
  /** How many paragraphs have ended since the first of these marks. */
  #carriedFor = 0;
  #paragraphStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  add(mark: Mark): void {
    if (mark.sign.length > LONGEST) {
      this.#addStray(mark);
      return;
    }
    const [before, after] = [this.#text.charAt(mark.start - 1), this.#text.charAt(mark.end)];
    if (WORD.test(before) && WORD.test(after)) {
      this.#addInWord(mark);
    } else if (!isClosing(before, after) || !this.#close(mark)) {
      if (isOpening(before, after) && !matchesAt(AFTER_STOP, this.#text, mark.start)) {
        this.#open.set(mark.sign, mark);
      }
    }
  }

  endParagraph(end: number): void {
    const mark = this.#open.get("_");
    this.#carriedFor = this.#carried.length === 0 ? 0 : this.#carriedFor + 1;
    const isFirst = mark !== undefined && this.#isFirst(mark);
    if ((mark && !isFirst) || this.#carriedFor > MOST_PARAGRAPHS) this.#carried = [];
    if (mark && isFirst) this.#carried.push(mark);
    this.#open.clear();
    this.#paragraphStart = end;
  }

  /** Remembers a mark without a partner. Marks around it are no pair. */
  #addStray({ sign, start }: Mark): void {
    this.#strays.set(sign.charAt(0), start);
  }

  #close(mark: Mark): boolean {
    const open = this.#open.get(mark.sign);
    if (open && (this.#strays.get(mark.sign.charAt(0)) ?? -1) < open.start) {
      this.found.push(open, mark);
      this.#open.delete(mark.sign);
      return true;
    }
    if (mark.sign !== "_" || this.#carried.length === 0) return false;
    this.found.push(...this.#carried, mark);
    this.#carried = [];
    return true;
  }

  /** Reads a mark between two letters: the second of "_un_happy", or the first of "over_joyed_". */
  #addInWord(mark: Mark): void {
    const open = this.#open.get(mark.sign);
    const isPart = open !== undefined && mark.start - open.end <= LONGEST_PART;
    const isWord = isPart && LETTERS.test(this.#text.slice(open.end, mark.start));
    if (isWord && matchesAt(REST_OF_WORD, this.#text, mark.start)) this.#close(mark);
    else if (matchesAt(MARKED_REST, this.#text, mark.start)) this.#open.set(mark.sign, mark);
    else this.#addStray(mark);
  }

  #isFirst({ start }: Mark): boolean {
    return this.#text.slice(this.#paragraphStart, start).trim() === "";
  }
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** True if a mark between these characters can begin an emphasis. The rule is CommonMark's for underscores. */
const isOpening = (before: string, after: string): boolean =>
  !SPACE.test(after) &&
  !WORD.test(before) &&
  (!PUNCTUATION.test(after) || SPACE.test(before) || PUNCTUATION.test(before));

const isClosing = (before: string, after: string): boolean => isOpening(after, before);
