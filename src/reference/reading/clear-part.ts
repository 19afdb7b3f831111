import { EditedText, type TextRange } from "../../platform/text/edited-text.js";
import type { ApparatusSpan } from "./span.js";

/**
 * Returns a part of a text without the spans inside the part. The offsets of the result's original count from
 * the start of the part.
 * @param spans the spans of the whole text, in order
 */
export function clearPart(
  text: string,
  { start, end }: TextRange,
  spans: readonly ApparatusSpan[],
): EditedText {
  const edits = spansInside(spans, start, end).map((span) => ({
    start: span.start - start,
    end: span.end - start,
    text: span.said,
  }));
  return new EditedText(text.slice(start, end), edits);
}

function spansInside(
  spans: readonly ApparatusSpan[],
  start: number,
  end: number,
): readonly ApparatusSpan[] {
  let [first, high] = [0, spans.length];
  while (first < high) {
    const middle = (first + high) >> 1;
    if ((spans[middle]?.start ?? 0) < start) first = middle + 1;
    else high = middle;
  }
  let last = first;
  while ((spans[last]?.end ?? Infinity) <= end) last += 1;
  return spans.slice(first, last);
}
