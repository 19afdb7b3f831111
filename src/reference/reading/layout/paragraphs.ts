import type { TextRange } from "../../../platform/text/edited-text.js";
import { LineTable } from "./line-table.js";
import { PageShape } from "./page-shape.js";
import { splitBlock } from "./split-block.js";

export const ParagraphForm = { Prose: "prose", Verse: "verse", Heading: "heading" } as const;
export type ParagraphForm = (typeof ParagraphForm)[keyof typeof ParagraphForm];

export interface Paragraph extends TextRange {
  readonly index: number;
  readonly form: ParagraphForm;
}

/**
 * Splits a text into paragraphs: at blank lines, and where the lines themselves show it. A first line can be
 * indented or begin with a quotation mark, and a last line can be short. Lines that are longer than wrapped
 * lines are paragraphs. Verse stays one paragraph with its lines. Whitespace around a paragraph belongs to no
 * paragraph.
 */
export const splitParagraphs = (text: string): readonly Paragraph[] =>
  splitLines(new LineTable(text), []);

/** @param starts the starts of lines with which a paragraph begins in any case, in order */
export function splitLines(lines: LineTable, starts: readonly number[]): readonly Paragraph[] {
  const page = { lines, shape: new PageShape(lines) };
  const known = new Set(starts);
  const paragraphs: Paragraph[] = [];
  for (let from = 0; from < lines.length;) {
    let to = from + 1;
    while (to < lines.length && !lines.isAfterBlank(to) && !known.has(lines.start(to))) to += 1;
    for (const piece of splitBlock(page, from, to)) {
      const form = piece.isVerse ? ParagraphForm.Verse : ParagraphForm.Prose;
      const [start, end] = [lines.start(piece.from), lines.end(piece.to - 1)];
      paragraphs.push({ index: paragraphs.length, start, end, form });
    }
    from = to;
  }
  return paragraphs;
}
