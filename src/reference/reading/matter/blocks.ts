import type { TextRange } from "../../../platform/text/edited-text.js";
import { linesOf } from "../lines.js";
import { inkOf } from "./spans.js";

/** Lines with ink, between blank lines. The range begins and ends with ink. */
export interface Block extends TextRange {
  readonly text: string;
}

/** Returns the blocks of a text. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let start = -1;
  let end = -1;
  const close = (): void => {
    if (start >= 0) blocks.push({ start, end, text: text.slice(start, end) });
    start = -1;
  };
  for (const line of linesOf(text)) {
    const inked = inkOf(text, line);
    if (inked === null) {
      close();
      continue;
    }
    if (start < 0) start = inked.start;
    end = inked.end;
  }
  close();
  return blocks;
}

/** A line of a block, without the whitespace at its ends. */
export interface InkedLine extends TextRange {
  readonly text: string;
  readonly indent: number;
}

/** Returns the lines of a block. */
export function linesOfBlock(text: string, block: Block): readonly InkedLine[] {
  const first = text.lastIndexOf("\n", block.start) + 1;
  return Array.from(linesOf(text.slice(first, block.end)), (line) => {
    const range = { start: line.start + first, end: line.end + first };
    const { start, end } = inkOf(text, range) ?? range;
    return {
      start,
      end,
      text: text.slice(start, end),
      indent: start - range.start,
    };
  });
}
