import type { TextRange } from "../../../platform/text/edited-text.js";

export const ParagraphForm = { Prose: "prose", Verse: "verse", Heading: "heading" } as const;
export type ParagraphForm = (typeof ParagraphForm)[keyof typeof ParagraphForm];

export interface Paragraph extends TextRange {
  readonly index: number;
  readonly form: ParagraphForm;
}

const LINE_ENDS = "\n\r\u2028\u2029\f\v";
const INK = /[^\s\uFEFF]/u;
/**
 * A line of more than this many characters is a whole paragraph, because the lines of wrapped text
 * have 60 to 80 characters.
 */
const WRAPPED_LINE_LIMIT = 100;

/**
 * Splits a text into paragraphs at blank lines. A text without blank lines is one wrapped
 * paragraph. But if one of its lines is longer than 100 characters, every line is a paragraph.
 * Whitespace around a paragraph belongs to no paragraph.
 */
export function splitParagraphs(text: string): readonly Paragraph[] {
  const perLine = startsParagraphAtEveryLine(text);
  const paragraphs: Paragraph[] = [];
  let start = -1;
  let end = -1;
  const close = (): void => {
    if (start >= 0) paragraphs.push(trimmed(text, start, end, paragraphs.length));
    start = -1;
  };
  forEachLine(text, (lineStart, lineEnd, isInked) => {
    if (!isInked || perLine) close();
    if (!isInked) return;
    if (start < 0) start = lineStart;
    end = lineEnd;
  });
  close();
  return paragraphs;
}

/** Reads the lines one by one, because a long text can have 1,300,000 lines. */
function forEachLine(
  text: string,
  read: (start: number, end: number, isInked: boolean) => void,
): void {
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !LINE_ENDS.includes(text.charAt(at))) continue;
    read(start, at, INK.test(text.slice(start, at)));
    // \r\n is one line end.
    if (text.startsWith("\r\n", at)) at += 1;
    start = at + 1;
  }
}

function startsParagraphAtEveryLine(text: string): boolean {
  const seen = { longLine: false, ink: false, blankAfterInk: false, inkAfterBlank: false };
  forEachLine(text, (start, end, isInked) => {
    seen.longLine ||= end - start > WRAPPED_LINE_LIMIT;
    seen.inkAfterBlank ||= isInked && seen.blankAfterInk;
    seen.blankAfterInk ||= !isInked && seen.ink;
    seen.ink ||= isInked;
  });
  return seen.longLine && !seen.inkAfterBlank;
}

function trimmed(text: string, from: number, to: number, index: number): Paragraph {
  let [start, end] = [from, to];
  while (start < end && !INK.test(text.charAt(start))) start += 1;
  while (end > start && !INK.test(text.charAt(end - 1))) end -= 1;
  return { index, start, end, form: ParagraphForm.Prose };
}
