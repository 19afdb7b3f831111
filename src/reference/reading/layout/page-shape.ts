import type { LineTable } from "./line-table.js";

/** A line with more characters than this is no line of wrapped text. Wrapped lines have 40 to 80 characters. */
export const LONG_LINE = 100;
const WIDEST = 400;
const FEW_LINES = 20;
/** So few lines can begin with capitals by chance. Wrapped prose is seldom so narrow. */
const FEW_INNER = 4;
const NARROW = 60;
/** The share of the wrap width that a line fills, if the line ends there because the next word had no place. */
const FULL = 0.9;

interface Measures {
  /** The column where lines were wrapped. Infinity if no line was wrapped: each line is a paragraph. */
  readonly width: number;
  /** The indent of the lines that continue a paragraph. */
  readonly baseIndent: number;
  /** True if most lines below another line begin like a sentence, as verse does. */
  readonly isVerse: boolean;
  /** The share of lines, among those that have neighbours, that end like a sentence. */
  readonly endedShare: number;
}

/** How the lines of a whole text are set. */
export class PageShape {
  readonly measures: Measures;
  readonly #lines: LineTable;

  constructor(lines: LineTable, measures = measure(lines)) {
    this.#lines = lines;
    this.measures = measures;
  }

  /** Returns the shape of a part of the text that has margins of its own. */
  within(width: number, baseIndent: number): PageShape {
    return new PageShape(this.#lines, { ...this.measures, width, baseIndent });
  }

  /** True if the next line's first word had no place on the line, so that the line end means nothing. */
  isFull(line: number, width = this.measures.width): boolean {
    return isFull(this.#lines, line, width);
  }

  isIndented(line: number): boolean {
    return this.#lines.indent(line) >= this.measures.baseIndent + 2;
  }
}

const isFull = (lines: LineTable, line: number, width: number): boolean =>
  lines.edge(line) + 1 + lines.firstWord(line + 1) > width * FULL;

function measure(lines: LineTable): Measures {
  const seen = countLines(lines);
  const capitals = seen.inner === 0 ? 1 : seen.innerSentences / seen.inner;
  const isLong = seen.longLength * 2 > seen.length;
  const width = isLong && capitals >= 0.8 ? Infinity : wrapWidth(seen.edges);
  const isCapital = seen.inner < FEW_INNER ? capitals === 1 && width < NARROW : capitals >= 0.75;
  return {
    width,
    baseIndent: leastIndent(seen.indents, seen.inner),
    isVerse: isCapital && seen.inner >= 2 && !hasWrappedLines(lines, seen.inner, width),
    endedShare: seen.inner === 0 ? 1 : seen.innerEnded / seen.inner,
  };
}

function hasWrappedLines(lines: LineTable, inner: number, width: number): boolean {
  let wrapped = 0;
  for (let line = 1; line < lines.length; line += 1) {
    if (lines.isAfterBlank(line) || lines.startsSentence(line)) continue;
    if (isFull(lines, line - 1, width)) wrapped += 1;
  }
  return wrapped > Math.max(1, inner * 0.1);
}

interface Counts {
  readonly edges: Uint32Array;
  readonly indents: Map<number, number>;
  length: number;
  longLength: number;
  inner: number;
  innerSentences: number;
  innerEnded: number;
}

function countLines(lines: LineTable): Counts {
  const seen: Counts = {
    edges: new Uint32Array(WIDEST + 1),
    indents: new Map(),
    length: 0,
    longLength: 0,
    inner: 0,
    innerSentences: 0,
    innerEnded: 0,
  };
  for (let line = 0; line < lines.length; line += 1) {
    const edge = Math.min(WIDEST, lines.edge(line));
    seen.edges[edge] = (seen.edges[edge] ?? 0) + 1;
    seen.length += lines.edge(line);
    if (edge > LONG_LINE) seen.longLength += lines.edge(line);
    if (lines.isAfterBlank(line)) continue;
    seen.inner += 1;
    if (lines.startsSentence(line)) seen.innerSentences += 1;
    if (lines.endsSentence(line - 1)) seen.innerEnded += 1;
    const indent = lines.indent(line);
    seen.indents.set(indent, (seen.indents.get(indent) ?? 0) + 1);
  }
  return seen;
}

/** Returns a width that 95 of 100 lines do not exceed. Of few lines, the longest counts. */
function wrapWidth(edges: Uint32Array): number {
  const total = edges.reduce((sum, count) => sum + count, 0);
  let above = total > FEW_LINES ? Math.floor(total * 0.05) : 0;
  for (let width = WIDEST; width > 0; width -= 1) {
    above -= edges[width] ?? 0;
    if (above < 0) return width;
  }
  return 0;
}

/** Returns the least indent that one of ten lines has. */
function leastIndent(counts: ReadonlyMap<number, number>, total: number): number {
  let least = Infinity;
  for (const [indent, count] of counts) if (count * 10 >= total) least = Math.min(least, indent);
  return least === Infinity ? 0 : least;
}
