import type { TextRange } from "../../../../platform/text/edited-text.js";
import { readPageMark } from "../../pages/mark-lines.js";
import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { type Block, blocksOf, type InkedLine, linesOfBlock } from "../blocks.js";
import { spanOf } from "../spans.js";
import { CHAPTER, HEADING, RULE } from "./bodies.js";
import { type NumberedMark, NumberedMarks } from "./numbered-marks.js";

/** The text of a footnote that begins with a bare number: "1. A penny." */
interface NumberedBody extends TextRange {
  readonly value: number;
}

/** Footnotes that follow each other and count up. */
interface Group {
  readonly bodies: NumberedBody[];
  /** The rule or the headings above the first footnote. */
  readonly head: TextRange | null;
  /** True if a chapter, a page or the text ends after the footnotes. */
  isAtEnd: boolean;
}

/**
 * Finds footnotes whose numbers have no brackets: "hill.1" and "1. A penny." Such numbers also stand in lists and in
 * sentences. So every footnote of a group needs its mark, in the same order, and a single one also needs its place.
 */
export function findNumberedNotes(text: string): readonly ApparatusSpan[] {
  const groups = findGroups(text);
  const marks = new NumberedMarks(
    text,
    groups.flatMap(({ bodies }) => bodies),
  );
  let from = 0;
  return groups
    .flatMap((group) => {
      const [first] = group.bodies;
      if (!first || !isPlaced(group)) return [];
      const found = marks.pair(valuesOf(group), { start: from, end: first.start });
      if (found === null) return [];
      from = found.at(-1)?.end ?? from;
      return spansOf(group, found);
    })
    .sort((left, right) => left.start - right.start);
}

const valuesOf = ({ bodies }: Group): readonly number[] => bodies.map(({ value }) => value);

const isPlaced = ({ bodies, head, isAtEnd }: Group): boolean =>
  bodies.length > 1 || head !== null || isAtEnd;

const spansOf = ({ bodies, head }: Group, marks: readonly NumberedMark[]): ApparatusSpan[] => [
  ...marks.map((mark) => spanOf(ApparatusKind.FootnoteMark, mark)),
  ...[...(head ? [head] : []), ...bodies].map((range) => spanOf(ApparatusKind.Footnote, range)),
];

const BODY = /^(\d{1,3})(?:[.):]\s{0,9}|\s{1,9})(?=["'“‘(«„_*[]{0,3}\p{Lu})/u;
const NUMBERED = /^[^\p{L}]{0,6}(?:chapter|book|part|act|volume)\s+[\divxlc]{1,8}\b/iu;
const STOP = /[.!?…]["”’')\]]*$/u;

const isChapter = (line: string): boolean => CHAPTER.test(line) || NUMBERED.test(line);

function findGroups(text: string): readonly Group[] {
  const reader = new GroupReader();
  for (const block of blocksOf(text)) reader.read(block, linesOfBlock(text, block));
  reader.end();
  return reader.groups;
}

class GroupReader {
  readonly groups: Group[] = [];
  #open: Group | null = null;
  /** The rule or the headings directly before. */
  #head: TextRange | null = null;
  /** True below the heading of notes, until something else comes. The headings of chapters part such notes. */
  #isSection = false;

  read(block: Block, lines: readonly InkedLine[]): void {
    if (this.#readHead(block)) return;
    let isInBody = false;
    for (const [at, line] of lines.entries()) {
      const isFree = at === 0 || isInBody || this.#head !== null;
      if (isFree && this.#readBody(line)) isInBody = true;
      else if (!isInBody || this.#isStory(lines, at)) {
        isInBody = false;
        this.#readOther(line, at === 0);
      } else this.#extend(line);
    }
  }

  /** Reads the heading of notes, or in such a section the heading of a chapter. */
  #readHead({ text, start, end }: Block): boolean {
    if (text.length > LONGEST_HEADING) return false;
    const isNotes = HEADING.test(text);
    if (!isNotes && !(this.#isSection && isChapter(text))) return false;
    const head = { start: isNotes ? start : (this.#head?.start ?? start), end };
    this.#close(!isNotes);
    this.#head = head;
    this.#isSection = true;
    return true;
  }

  end(): void {
    this.#close(true);
  }

  #readBody({ text, start, end }: InkedLine): boolean {
    const number = BODY.exec(text)?.[1];
    if (number === undefined) return false;
    const value = Number(number);
    const last = this.#open?.bodies.at(-1)?.value;
    if (this.#open === null || value !== (last ?? 0) + 1) {
      const head = this.#head;
      this.#close(false);
      this.#open = { bodies: [], head, isAtEnd: false };
    }
    this.#open.bodies.push({ value, start, end });
    this.#head = null;
    return true;
  }

  /** Below the notes of a page, the story can go on in the same paragraph. */
  #isStory(lines: readonly InkedLine[], at: number): boolean {
    const isWhole = BODY.test(lines[0]?.text ?? "");
    return RULE.test(lines[at]?.text ?? "") || (!isWhole && STOP.test(lines[at - 1]?.text ?? ""));
  }

  #extend({ end }: InkedLine): void {
    const last = this.#open?.bodies.pop();
    if (last) this.#open?.bodies.push({ ...last, end });
  }

  #readOther(line: InkedLine, isFirst: boolean): void {
    const isEnd = isFirst && (isChapter(line.text) || readPageMark(line.text) !== null);
    this.#close(isEnd);
    this.#head = RULE.test(line.text) ? line : null;
    this.#isSection = false;
  }

  #close(isAtEnd: boolean): void {
    if (this.#open !== null) this.groups.push({ ...this.#open, isAtEnd });
    this.#open = null;
    this.#head = null;
  }
}

const LONGEST_HEADING = 60;
