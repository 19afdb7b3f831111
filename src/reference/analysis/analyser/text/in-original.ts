import type { EditedText } from "../../../../platform/text/edited-text.js";
import type { Segment, Span } from "../document.js";

/**
 * Returns a segment of a cleared text with offsets of the original text. A segment ends where the next segment
 * of its paragraph begins, so that apparatus between both belongs to the first, like whitespace.
 * @param next where the next segment of the paragraph begins in the cleared text, or null
 */
export function inOriginal(segment: Segment, next: number | null, clear: EditedText): Segment {
  if (clear.edits.length === 0) return segment;
  const start = clear.startOf(segment.start);
  const end = next === null ? clear.endOf(segment.end) : clear.startOf(next);
  const place = <T extends Span>(part: T): T => ({
    ...part,
    start: clear.startOf(part.start),
    end: part.end === segment.end ? end : clear.endOf(part.end),
  });
  return {
    ...segment,
    start,
    end,
    modulations: segment.modulations.map(place),
    sounds: segment.sounds.map(place),
  };
}
