import type { Paragraph } from "../document.js";

const LINE = /\r\n|[\n\r\u2028\u2029\f\v]/gu;
const INK = /[^\s\uFEFF]/u;
/**
 * A line of more than this many characters is a whole paragraph, because the lines of wrapped text
 * have 60 to 80 characters.
 */
const WRAPPED_LINE_LIMIT = 100;

interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a text into paragraphs at blank lines. A text without blank lines is one wrapped
 * paragraph. But if one of its lines is longer than 100 characters, every line is a paragraph.
 * Whitespace around a paragraph belongs to no paragraph.
 */
export function splitParagraphs(text: string): readonly Paragraph[] {
  const lines = splitLines(text);
  const isInked = lines.map((line) => INK.test(text.slice(line.start, line.end)));
  const perLine = startsParagraphAtEveryLine(lines, isInked);
  const blocks: { start: number; end: number }[] = [];
  let isOpen = false;
  lines.forEach((line, index) => {
    const block = blocks.at(-1);
    const isLineInked = isInked[index] === true;
    if (isLineInked && isOpen && !perLine && block !== undefined) block.end = line.end;
    else if (isLineInked) blocks.push({ ...line });
    isOpen = isLineInked;
  });
  return blocks.map((block, index) => trimmed(text, block, index));
}

function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE)) {
    lines.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: text.length });
  return lines;
}

function startsParagraphAtEveryLine(lines: readonly Line[], isInked: readonly boolean[]): boolean {
  const first = isInked.indexOf(true);
  const last = isInked.lastIndexOf(true);
  if (isInked.slice(first, last).includes(false)) return false;
  return lines.some((line) => line.end - line.start > WRAPPED_LINE_LIMIT);
}

function trimmed(text: string, line: Line, index: number): Paragraph {
  let { start, end } = line;
  while (start < end && !INK.test(text.charAt(start))) start += 1;
  while (end > start && !INK.test(text.charAt(end - 1))) end -= 1;
  return { index, start, end };
}
