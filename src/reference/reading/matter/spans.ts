import type { TextRange } from "../../../platform/text/edited-text.js";
import type { ApparatusKind, ApparatusSpan } from "../span.js";

/** Returns the range without the whitespace at its ends. Returns null if the range has no ink. */
export function inkOf(text: string, { start, end }: TextRange): TextRange | null {
  const part = text.slice(start, end);
  const trimmed = part.trimStart();
  if (trimmed === "") return null;
  const from = end - trimmed.length;
  return { start: from, end: from + trimmed.trimEnd().length };
}

/** Makes a span that is silent, or is read as `said`. */
export const spanOf = (
  kind: ApparatusKind,
  { start, end }: TextRange,
  said = "",
): ApparatusSpan => ({ kind, start, end, said });

const BLANK = /[^\S\n]/;

/** Returns the end of the spaces after an offset, or their start before it. */
function pastSpaces(text: string, from: number, step: 1 | -1): number {
  let at = from;
  while (BLANK.test(text.charAt(step > 0 ? at : at - 1))) at += step;
  return at;
}

const isLineEnd = (text: string, at: number): boolean =>
  at <= 0 || at >= text.length || text.charAt(at) === "\n";

/** True if nothing else stands on the lines of the range. */
export function hasOwnLine(text: string, { start, end }: TextRange): boolean {
  const before = pastSpaces(text, start, -1);
  return (before === 0 || isLineEnd(text, before - 1)) && isLineEnd(text, pastSpaces(text, end, 1));
}

/** A note inside a line takes the space before it along, or the space after it at the start of a line. */
export function withSpace(text: string, pair: TextRange): TextRange {
  const start = pastSpaces(text, pair.start, -1);
  const end = pastSpaces(text, pair.end, 1);
  const isAtStart = start === 0 || isLineEnd(text, start - 1);
  if (!isAtStart) return { start, end: pair.end };
  return isLineEnd(text, end) ? pair : { start: pair.start, end };
}

/** Puts spans in order. A span that begins in another one begins after it. */
export function disjoint(spans: readonly ApparatusSpan[]): readonly ApparatusSpan[] {
  let from = 0;
  return spans
    .toSorted((left, right) => left.start - right.start)
    .flatMap((span) => {
      const start = Math.max(span.start, from);
      if (start >= span.end) return [];
      from = span.end;
      return [{ ...span, start }];
    });
}
