import { ApparatusKind } from "../span.js";
import { Cut } from "./cuts.js";
import type { InkLines } from "./ink-lines.js";
import { findLoneHeads } from "./lone-heads.js";
import { headKey, isHead, MarkForm } from "./mark-lines.js";
import { cutAround, type LineRange, MOST_HEADS, placeMarks } from "./placed-marks.js";
import { findSequences, numbersPages, type PlacedMark } from "./sequences.js";

type PageLineKind = typeof ApparatusKind.PageNumber | typeof ApparatusKind.RunningHead;

/** Finds the lines that number a page or stand at its top or foot. The keys are indexes of lines, in order. */
export function findPageLines(lines: InkLines): ReadonlyMap<number, PageLineKind> {
  const numbers = findPageNumbers(placeMarks(lines));
  const found = new Map<number, PageLineKind>();
  const addHeads = (heads: readonly number[]): void => {
    for (const line of heads) if (!found.has(line)) found.set(line, ApparatusKind.RunningHead);
  };
  for (const { line, cut } of numbers) {
    if (cut === Cut.Sure) addHeads(linesIn(cutAround(lines, line)));
    found.set(line, ApparatusKind.PageNumber);
  }
  const edges = [...numbers.map(({ line }) => line), ...lines.afterFeeds.map((line) => line - 0.5)];
  const near = new Set(edges.flatMap((edge) => headsAround(lines, edge, found)));
  addHeads(new RunningHeads(lines, near, found).lines());
  addHeads(findLoneHeads(lines, (line) => found.has(line)));
  return new Map([...found].sort(([a], [b]) => a - b));
}

const linesIn = (range: LineRange | null): readonly number[] =>
  range === null
    ? []
    : Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);

/** Returns the marks that number pages. A mark such as "[Pg 12]" needs no sequence. */
function findPageNumbers(marks: readonly PlacedMark[]): readonly PlacedMark[] {
  const numbers = new Set(findSequences(marks).filter(numbersPages).flat());
  for (const mark of marks) if (mark.form === MarkForm.Sure) numbers.add(mark);
  for (const mark of findChapterNumbers(marks, numbers)) numbers.delete(mark);
  return marks.filter((mark) => numbers.has(mark));
}

const isBareNumber = ({ form, cut, isTight }: PlacedMark): boolean =>
  form === MarkForm.Bare && cut !== Cut.Sure && !isTight;

/**
 * Returns the numbers among pages that the sequence of chapters needs: chapter 8 opens where page 8 would be, and
 * chapters 7 and 9 are no pages.
 */
function findChapterNumbers(
  marks: readonly PlacedMark[],
  pages: ReadonlySet<PlacedMark>,
): readonly PlacedMark[] {
  const found: PlacedMark[] = [];
  let last = 0;
  let possible: PlacedMark[] = [];
  for (const mark of marks.filter(isBareNumber)) {
    if (pages.has(mark)) {
      if (mark.value === last + possible.length + 1) possible.push(mark);
      continue;
    }
    const isNext = mark.value === last + 1;
    const isConfirmed = mark.value === last + possible.length + 1;
    if (!isNext && !isConfirmed) continue;
    if (isConfirmed) found.push(...possible);
    possible = [];
    last = mark.value;
  }
  return found;
}

/** A number, and a running head of two lines. */
const MOST_FURNITURE = MOST_HEADS + 1;

/**
 * Returns the lines around a page's edge that can be running heads: up to three above and three below. An edge between
 * two lines is a fraction.
 */
function headsAround(
  lines: InkLines,
  edge: number,
  found: ReadonlyMap<number, PageLineKind>,
): readonly number[] {
  const heads: number[] = [];
  for (const direction of [-1, 1]) {
    const nearest = direction < 0 ? Math.ceil(edge) - 1 : Math.floor(edge) + 1;
    for (let step = 0; step < MOST_FURNITURE; step += 1) {
      const line = nearest + direction * step;
      if (found.get(line) === ApparatusKind.PageNumber) continue;
      if (!isHead(lines.of(line))) break;
      heads.push(line);
    }
  }
  return heads;
}

/** The heads of the first pages can be the book's title before the title is anywhere else. */
const FIRST_PAGES = 2;
const LABEL =
  /^(?:chapter|part|book|volume|chapitre|kapitel|cap[íi]tulo|capitolo)\s+[\p{L}\d]+[\s.:—–-]+/iu;

/** The lines at the edges of pages that repeat. */
class RunningHeads {
  readonly #counts = new Map<string, number>();
  readonly #firsts = new Map<string, number>();

  constructor(
    private readonly textLines: InkLines,
    private readonly near: ReadonlySet<number>,
    private readonly found: ReadonlyMap<number, PageLineKind>,
  ) {
    const atEdges = new Set([...near, ...found.keys()]);
    for (const line of atEdges) {
      const key = headKey(textLines.of(line).replace(/^\W*\d+\W+|\W+\d+\W*$/gu, ""));
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
    this.#findFirsts();
  }

  lines(): readonly number[] {
    const lines = [...this.near].sort((a, b) => a - b);
    const early = new Set(lines.slice(0, FIRST_PAGES));
    return lines.filter((line) => {
      const key = headKey(this.textLines.of(line));
      const isFirst = this.#firsts.get(key) === line;
      if (isFirst && (this.#counts.get(key) ?? 0) < 2) return false;
      return !isFirst || (early.has(line) && !this.#isHeading(line));
    });
  }

  /** True for a line that is or belongs to the heading of a chapter. */
  #isHeading(line: number): boolean {
    return [line, line - 1].some((at) =>
      /^(?:chapter|part|book|volume|[ivxlc]+\.?$|\d+\.?$)/iu.test(
        this.found.has(at) ? "" : this.textLines.of(at),
      ),
    );
  }

  /** Finds the first line of each head. The heading of a chapter comes before its running heads. */
  #findFirsts(): void {
    for (let line = 0; line < this.textLines.count; line += 1) {
      if (this.textLines.lengthOf(line) > 100) continue;
      const text = this.textLines.of(line);
      for (const key of [headKey(text), headKey(text.replace(LABEL, ""))]) {
        if (this.#counts.has(key) && !this.#firsts.has(key)) this.#firsts.set(key, line);
      }
    }
  }
}
