import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { type Block, blocksOf } from "../blocks.js";
import { spanOf } from "../spans.js";

const WIDE = 3;
/** In a text with more wide gaps than this, a wide gap says nothing. */
const MOST_WIDE = 0.2;
const FEWEST_NARROW = 3;

const STOP = /[.!?…]["”’')]?$/u;
const BEGIN = /^[\p{L}"“‘'«—–]/u;
const HEADING =
  /^[^\p{L}]{0,4}(?:chapter|book|part|act|scene|volume|canto|stave|letter|the end)\b/iu;
const SMALL_LETTER = /\p{Ll}/u;
/** A shorter paragraph can be a heading. */
const SHORTEST = 60;
const LOOK = 200;

/**
 * Finds blank lines that part scenes: three or more in a text that has one between its paragraphs. The span
 * leaves one blank line, so that the paragraphs stay apart.
 */
export function findWideGaps(text: string): readonly ApparatusSpan[] {
  const blocks = blocksOf(text);
  const gaps = blocks.slice(1).map((after, index) => gapOf(text, blocks[index] ?? after, after));
  const narrow = gaps.filter(({ blank }) => blank === 1).length;
  const wide = gaps.filter(({ blank }) => blank >= WIDE);
  if (narrow < FEWEST_NARROW || wide.length > gaps.length * MOST_WIDE) return [];
  return wide
    .filter(({ before, after }) => isProse(before) && isProse(after))
    .map(({ start, end }) => spanOf(ApparatusKind.SceneBreak, { start, end }));
}

interface Gap {
  readonly before: Block;
  readonly after: Block;
  /** How many blank lines the gap has. */
  readonly blank: number;
  /** The blank lines except the last. */
  readonly start: number;
  readonly end: number;
}

function gapOf(text: string, before: Block, after: Block): Gap {
  const start = text.indexOf("\n", before.end) + 1;
  const end = text.lastIndexOf("\n", text.lastIndexOf("\n", after.start) - 1) + 1;
  const blank = text.slice(before.end, after.start).split("\n").length - 2;
  return { before, after, blank, start, end };
}

function isProse({ text }: Block): boolean {
  const begin = text.slice(0, LOOK);
  const isLong = text.length >= SHORTEST || /^["“‘«]/.test(begin);
  return (
    isLong &&
    BEGIN.test(begin) &&
    STOP.test(text.slice(-4)) &&
    !HEADING.test(begin) &&
    SMALL_LETTER.test(begin)
  );
}
