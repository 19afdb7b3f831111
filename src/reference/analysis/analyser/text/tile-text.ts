import type { TextRange } from "../../../../platform/text/edited-text.js";
import { ParagraphForm } from "../../../reading/layout/paragraphs.js";
import type { ReadParagraph } from "../../../reading/reading.js";
import { BreakAfter } from "../document.js";
import type { Quote } from "./quotes/quotes.js";
import { type RawSegment, cutLines, tileParagraph } from "./segments.js";

/** A segment, and how it ends. */
export interface EndedSegment extends RawSegment {
  readonly breakAfter: BreakAfter | null;
  /** Where the next segment of the paragraph begins. Null for the last segment. */
  readonly next: number | null;
}

interface ReadStory {
  readonly paragraphs: readonly ReadParagraph[];
  readonly quotes: readonly Quote[];
}

/** Yields the segments of all paragraphs. Both paragraphs and quotes are in reading order. */
export function* tileText(
  text: string,
  { paragraphs, quotes }: ReadStory,
  language: string,
): Generator<EndedSegment> {
  let first = 0;
  for (const [index, paragraph] of paragraphs.entries()) {
    let last = first;
    while (quotes[last]?.paragraph === paragraph.index) last += 1;
    const tiles = tileParagraph(text, paragraph, quotes.slice(first, last), language);
    const isScene = paragraphs[index + 1]?.isAfterSceneBreak === true;
    const ended = isScene ? BreakAfter.Scene : BreakAfter.Paragraph;
    const isVerse = paragraph.form === ParagraphForm.Verse;
    if (isVerse) yield* withEnds(cutLines(text, tiles), ended, (tile) => endsLine(text, tile));
    else yield* withEnds(tiles, ended, () => false);
    first = last;
  }
}

function* withEnds(
  tiles: readonly RawSegment[],
  ended: BreakAfter,
  isLine: (tile: RawSegment) => boolean,
): Generator<EndedSegment> {
  for (const [index, tile] of tiles.entries()) {
    const next = tiles[index + 1];
    const inside = isLine(tile) ? BreakAfter.Line : null;
    yield { ...tile, breakAfter: next ? inside : ended, next: next?.start ?? null };
  }
}

const endsLine = (text: string, { start, end }: TextRange): boolean =>
  /\n\s*$/u.test(text.slice(start, end));
