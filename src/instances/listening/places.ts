/*
 * Places in a story and in its narrations. A place in a story is a segment of an analysis and the part of the
 * segment that was heard, from 0 to 1. So a place is the same sentence in every narration, however fast
 * the narrator speaks.
 */

/** A part of the text. Offsets are UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A segment of the analysis. */
export interface ToldSegment extends Span {
  readonly position: number;
}

/** A segment of a narration's script, with the time and the length of its sound. */
export interface Line {
  readonly position: number;
  readonly startMs: number | null;
  readonly durationMs: number | null;
}

/**
 * Where a narration tells one place of a story. Mostly one line tells one segment. After edits of the script,
 * several lines can tell one segment, or one line can tell several segments.
 */
export interface Telling {
  /** In order, at least one. */
  readonly lines: readonly Line[];
  /** In order. Empty only if the narration's analysis is gone. */
  readonly told: readonly ToldSegment[];
}

export interface StoryPlace {
  readonly position: number;
  readonly part: number;
}

/** A place in a narration. */
export interface LinePlace {
  readonly position: number;
  readonly offsetMs: number;
  /** In the narration's audio. null if there is no such audio, or its times are not known. */
  readonly startMs: number | null;
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

const lengthOf = ({ start, end }: Span): number => Math.max(end - start, 1);

/** Returns the span of all segments that a narration tells in one place. */
const spanOf = (told: readonly ToldSegment[]): Span => ({
  start: told[0]?.start ?? 0,
  end: told.at(-1)?.end ?? 0,
});

/** Returns the length of the sound of all lines, or null if the length of a line is not known. */
export const totalMsOf = (lines: readonly Line[]): number | null =>
  lines.reduce<number | null>(
    (sum, { durationMs }) => (sum === null || durationMs === null ? null : sum + durationMs),
    0,
  );

/** Returns which share of a telling lies before a place of the story. */
export function shareBefore({ told }: Telling, { position, part }: StoryPlace): number {
  const segment = told.find((each) => each.position === position);
  // The script does not have the segment. The place is behind what the script has.
  if (!segment) return told.length === 0 ? 0 : 1;
  const span = spanOf(told);
  return clamp((segment.start + part * lengthOf(segment) - span.start) / lengthOf(span), 1);
}

/** Returns the place of the story that a share of a telling reaches. */
export function placeAtShare({ told }: Telling, share: number): StoryPlace | null {
  const span = spanOf(told);
  const at = span.start + share * lengthOf(span);
  const segment = told.findLast(({ start }) => start <= at) ?? told[0];
  if (!segment) return null;
  // At the end of a segment the place is that end, not the beginning of the next segment.
  return { position: segment.position, part: clamp((at - segment.start) / lengthOf(segment), 1) };
}

/** Returns the time since the first line of a telling began. */
export function heardMs({ lines }: Telling, position: number, offsetMs: number): number {
  const before = lines.filter((line) => line.position < position);
  const line = lines.find((each) => each.position === position);
  return (totalMsOf(before) ?? 0) + Math.min(offsetMs, line?.durationMs ?? offsetMs);
}

/** Returns the place in a narration that a time since the first line of a telling reaches. */
function lineAfter({ lines }: Telling, heard: number): LinePlace | null {
  let before = 0;
  for (const line of lines.slice(0, -1)) {
    const length = line.durationMs ?? 0;
    if (heard < before + length) return placeInLine(line, heard - before);
    before += length;
  }
  const last = lines.at(-1);
  return last ? placeInLine(last, heard - before) : null;
}

/** @param offsetMs an offset beyond the end of the line's sound is the end */
export function placeInLine({ position, startMs, durationMs }: Line, offsetMs: number): LinePlace {
  const within = Math.round(clamp(offsetMs, durationMs ?? 0));
  return { position, offsetMs: within, startMs: startMs === null ? null : startMs + within };
}

/**
 * Returns where a narration goes on at a place of the story. If the lines have no sound, this is the beginning of
 * a line.
 * @param offsetMs the time since the segment began, in the narration that was heard
 */
export function lineAt(
  telling: Telling,
  { position, part }: { readonly position: number; readonly part: number | null },
  offsetMs: number,
): LinePlace | null {
  const { lines } = telling;
  const totalMs = totalMsOf(lines);
  const share = shareBefore(telling, { position, part: part ?? 0 });
  if (totalMs !== null) {
    return lineAfter(telling, share * totalMs + (part === null ? offsetMs : 0));
  }
  const line = lines[Math.min(Math.floor(share * lines.length), lines.length - 1)];
  return line ? placeInLine(line, 0) : null;
}

/**
 * Returns the place in another analysis of the same text, or in another text.
 * @param from the segment of the saved place
 * @param to the segment that the place is in now
 */
export function movedPart(
  part: number | null,
  from: Span | null,
  to: Span,
  {
    isSameText,
    isSameSentence,
  }: { readonly isSameText: boolean; readonly isSameSentence: boolean },
): number | null {
  if (part === null || from === null) return null;
  if (!isSameText) return isSameSentence ? part : 0;
  return clamp((from.start + part * lengthOf(from) - to.start) / lengthOf(to), 1);
}

/** Returns which part of the text lies before a place, from 0 to 1. The text is the span of all segments. */
export const fractionOf = (text: Span, segment: Span, part: number | null): number =>
  clamp((segment.start + (part ?? 0) * lengthOf(segment) - text.start) / lengthOf(text), 1);
