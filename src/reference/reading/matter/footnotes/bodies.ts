import type { TextRange } from "../../../../platform/text/edited-text.js";
import { type Block, blocksOf, type InkedLine, linesOfBlock } from "../blocks.js";
import { type BodyStart, isSentenceOfStory, readBodyStart } from "./body-forms.js";
import { LabelForm, type Mark } from "./marks.js";
import { keyOf, WaitingMarks } from "./waiting-marks.js";

/** The text of a footnote, or the heading above footnotes. */
export interface Body extends TextRange {
  /** The key of the mark that refers to the footnote. Null if none does. */
  readonly key: string | null;
}

/** Tells for a "[" where its "]" ends. */
type CloseOf = (start: number) => number | null;

/**
 * Finds the texts of footnotes. A footnote needs a mark before it, except where it is named: "[Footnote 1:".
 */
export function findBodies(
  text: string,
  marks: readonly Mark[],
  closeOf: CloseOf,
): readonly Body[] {
  const blocks = blocksOf(text);
  const finder = new BodyFinder(new WaitingMarks(marks), closeOf, isIndented(text, blocks));
  for (const [at, block] of blocks.entries()) {
    if (block.end > finder.end) {
      finder.read(block, linesOfBlock(text, block), blocks[at + 1]?.text ?? null);
    }
  }
  return finder.bodies;
}

/** If more paragraphs than this are indented, an indent says nothing about footnotes. */
const HALF = 0.5;

function isIndented(text: string, blocks: readonly Block[]): boolean {
  const indented = blocks.filter(({ start }) => /^[^\S\n]{2}$/.test(text.slice(start - 2, start)));
  return indented.length > blocks.length * HALF;
}

export const HEADING =
  /^[^\p{L}]{0,6}(?:(foot-?notes?)|end-?notes?|notes?)(?: (?:to|on|for|of|by) [^\n]{1,40}|[^\p{L}\n]{0,6})$/iu;
const LONGEST_HEADING = 60;
/** The sign at the end of a note that leads back to its mark. */
const RETURN = /[↩↵]\uFE0E?\]?$/u;
const LOOK_BEHIND = 4;
/** A line above the notes of a page. */
export const RULE = /^[ _=—–-]{3,80}$/u;
const STOP = /[.!?…]["”’')\]]*$/u;
export const CHAPTER = /^[^\p{L}]{0,6}(?:(?:chapter|book|part|act)\b|[\p{Lu}\P{L}]{1,60}$)/u;
/** A footnote of more paragraphs has at most this many until the next footnote begins. */
const MOST_BLOCKS_BETWEEN = 4;
const LEAST_INDENT = 2;

class BodyFinder {
  readonly bodies: Body[] = [];
  readonly #waiting: WaitingMarks;
  readonly #closeOf: CloseOf;
  readonly #isIndented: boolean;
  /** The heading above footnotes. The first footnote must follow at once. */
  #section: {
    readonly heading: Block;
    readonly isNamed: boolean;
    isUsed: boolean;
  } | null = null;
  /** The lines of the last footnote. Empty if it ends with a bracket. */
  #last: readonly InkedLine[] = [];
  /** The line directly before, if it parts a page from its footnotes. */
  #rule: TextRange | null = null;
  /** The blocks after the last footnote or heading. */
  #between: Block[] = [];
  /** The paragraph after the one that is read. Null after the last one. */
  #next: string | null = null;

  constructor(waiting: WaitingMarks, closeOf: CloseOf, isIndented: boolean) {
    this.#waiting = waiting;
    this.#closeOf = closeOf;
    this.#isIndented = isIndented;
  }

  /** Where the last footnote ends. */
  get end(): number {
    return this.bodies.at(-1)?.end ?? 0;
  }

  read(block: Block, lines: readonly InkedLine[], next: string | null): void {
    this.#next = next;
    if (this.#readHeading(block)) return;
    const count = this.bodies.length;
    if (RETURN.test(block.text.slice(-LOOK_BEHIND))) {
      this.#open(null);
      this.#add(block, null);
    } else this.#readLines(lines);
    const isRule = this.#rule?.start === block.start;
    if (this.bodies.length === count && !isRule) this.#readOther(block, lines);
  }

  #readLines(lines: readonly InkedLine[]): void {
    const count = this.bodies.length;
    let isWhole = true;
    for (const [at, line] of lines.entries()) {
      if (line.start < this.end) continue;
      const isFree: boolean = isWhole || this.#rule !== null || this.bodies.length > count;
      isWhole = this.#readBody(lines, at, { isFree, isWhole }) && isWhole;
      this.#rule = RULE.test(line.text) ? line : null;
    }
  }

  #readHeading(block: Block): boolean {
    const match = block.text.length <= LONGEST_HEADING ? HEADING.exec(block.text) : null;
    if (match === null) return false;
    this.#section = {
      heading: block,
      isNamed: match[1] !== undefined,
      isUsed: false,
    };
    this.#between = [];
    this.#last = [];
    return true;
  }

  /** Reads the footnote that begins with a line. Returns false if none does. */
  #readBody(
    lines: readonly InkedLine[],
    at: number,
    { isFree, isWhole }: { readonly isFree: boolean; readonly isWhole: boolean },
  ): boolean {
    const line = lines[at];
    const begin = line && this.#readStart(lines, at, isFree);
    if (!begin) return false;
    this.#waiting.readTo(line.start);
    const mark = this.#waiting.find(begin);
    if (!this.#isBody(begin, mark, isFree)) return false;
    this.#open(mark);
    const close = begin.isBracketed ? this.#closeOf(line.start) : null;
    this.#last = close === null ? this.#linesOfBody(lines, at, isWhole) : [];
    this.#add({ start: line.start, end: close ?? this.#last.at(-1)?.end ?? line.end }, mark);
    return true;
  }

  #readStart(lines: readonly InkedLine[], at: number, isFree: boolean): BodyStart | null {
    const line = lines[at]?.text ?? "";
    const begin = readBodyStart(line, this.#section !== null && isFree);
    return isSentenceOfStory(line) && this.#isAlone(lines, at) ? null : begin;
  }

  /** True if the story goes on after a line, and no footnote stands directly before or after the line. */
  #isAlone(lines: readonly InkedLine[], at: number): boolean {
    const next = lines[at + 1]?.text ?? this.#next;
    if (next === null || this.#section !== null || this.#rule !== null) return false;
    const isBefore = this.#last.length > 0 || lines[at - 1]?.end === this.end;
    return !isBefore && (readBodyStart(next, false) === null || isSentenceOfStory(next));
  }

  #add(range: TextRange, mark: Mark | null): void {
    this.bodies.push({ start: range.start, end: range.end, key: mark && keyOf(mark) });
    if (mark !== null) this.#waiting.remove(mark);
    this.#waiting.skipTo(range.end);
  }

  /**
   * Inside a paragraph a line can begin with a mark that is only wrapped. So a footnote there needs a mark that
   * touches its word, because such a mark never begins a line. A star can begin a line of a chat.
   */
  #isBody(begin: BodyStart, mark: Mark | null, isFree: boolean): boolean {
    if (begin.isPlain) return true;
    if (mark !== null)
      return isFree || (mark.touches !== "nothing" && mark.form !== LabelForm.Sign);
    return isFree && begin.form !== null && this.#section?.isNamed === true;
  }

  /**
   * A footnote goes on to the next footnote. In a paragraph that did not begin with a footnote, the story can go
   * on after it. So the footnote there ends with its first line that ends a sentence.
   */
  #linesOfBody(lines: readonly InkedLine[], at: number, isWhole: boolean): readonly InkedLine[] {
    let to = at + 1;
    for (; to < lines.length; to += 1) {
      if (!isWhole && STOP.test(lines[to - 1]?.text ?? "")) break;
      const begin = readBodyStart(lines[to]?.text ?? "", this.#section !== null);
      if (begin !== null && this.#isBody(begin, this.#waiting.find(begin), true)) break;
    }
    return lines.slice(at, to);
  }

  /** The heading above the first footnote is no story, nor are paragraphs between two footnotes of one list. */
  #open(mark: Mark | null): void {
    const isList = mark !== null && mark.start < (this.bodies.at(-1)?.start ?? 0);
    const before: TextRange[] = [];
    if (this.#section?.isUsed === true) {
      before.push(...(isList ? this.#between : []));
    } else if (this.#section !== null && this.#between.length === 0) {
      before.push(this.#section.heading);
      this.#section.isUsed = true;
    }
    if (this.#rule !== null) before.push(this.#rule);
    this.bodies.push(...before.map(({ start, end }) => ({ start, end, key: null })));
    this.#between = [];
  }

  #readOther(block: Block, lines: readonly InkedLine[]): void {
    if (this.#goesOn(lines)) {
      this.bodies.push({ start: block.start, end: block.end, key: null });
      return;
    }
    this.#last = [];
    this.#between.push(block);
    const isEnd = this.#between.length > MOST_BLOCKS_BETWEEN || CHAPTER.test(block.text);
    if (isEnd || this.#section?.isUsed === false) this.#section = null;
    if (this.#section === null) this.#between = [];
  }

  /**
   * A paragraph belongs to the footnote before it if it is indented like the footnote, or in a list of
   * footnotes, and the story is not.
   */
  #goesOn(lines: readonly InkedLine[]): boolean {
    const [first, second] = this.#last;
    if (first === undefined || this.#isIndented) return false;
    const own = first.indent >= LEAST_INDENT ? first.indent : (second?.indent ?? 0);
    const isListed = this.#section?.isUsed === true || first.text.startsWith("[^");
    const indent = isListed ? Math.max(own, LEAST_INDENT) : own;
    return indent >= LEAST_INDENT && lines.every((line) => line.indent >= indent);
  }
}
