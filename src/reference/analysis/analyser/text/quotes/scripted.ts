import type { Paragraph, Span } from "../../document.js";

/** A piece of speech. `isClosed` is false if the speech can continue in the next paragraph. */
export interface OpenSpan extends Span {
  readonly isClosed: boolean;
}

/** A paragraph as the reading gives it. */
export interface SpokenParagraph extends Paragraph {
  /** The speaker's name before a line of a play or a tagged script. Null in prose. */
  readonly label: string | null;
  /** Stage directions inside a line of a play. They are narration. */
  readonly directions?: readonly Span[];
}

const LETTER = /[\p{L}\p{N}]/u;

/**
 * Returns the speech of a line of a play: everything except the stage directions. Quotation marks inside the
 * line do not divide it.
 */
export function findScriptedSpeech(text: string, paragraph: SpokenParagraph): readonly OpenSpan[] {
  const spans: OpenSpan[] = [];
  let start = paragraph.start;
  for (const direction of paragraph.directions ?? []) {
    spans.push(trimmed(text, start, direction.start));
    start = direction.end;
  }
  spans.push(trimmed(text, start, paragraph.end));
  return spans.filter((span) => LETTER.test(text.slice(span.start, span.end)));
}

function trimmed(text: string, from: number, to: number): OpenSpan {
  const part = text.slice(from, to);
  const start = to - part.trimStart().length;
  return { start, end: Math.max(start, from + part.trimEnd().length), isClosed: true };
}
