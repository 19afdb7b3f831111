import type { NewPosition } from "./listening.store.js";
import type { HeardRow } from "./narration-place.store.js";
import {
  type Line,
  type Telling,
  heardMs,
  placeAtShare,
  shareBefore,
  totalMsOf,
} from "./places.js";

/** The story is finished this long before its end, because few people hear the last silence. */
const END_MS = 1_000;

/** The place that was heard, as it is saved. */
interface HeardPlace {
  readonly saved: Pick<
    NewPosition,
    "analysisId" | "position" | "part" | "offsetMs" | "asidePosition" | "asideOffsetMs"
  >;
  /** True if nearly nothing of the story remains. */
  readonly isAtEnd: boolean;
}

const NO_ASIDE = { asidePosition: null, asideOffsetMs: null };

/** @param offsetMs the time since the heard segment began */
export function heardPlace(offsetMs: number, row: HeardRow): HeardPlace {
  const { line, lineStory, analysisId, position } = row;
  if (analysisId === null) return line ? untoldPlace(line, offsetMs, row) : NOWHERE;
  if (line && (lineStory === null || position === null)) {
    return placeInAside(line, offsetMs, { ...row, analysisId });
  }
  return toldPlace(offsetMs, row, position ?? 0);
}

const NOWHERE: HeardPlace = {
  saved: { analysisId: null, position: 0, part: null, offsetMs: 0, ...NO_ASIDE },
  isAtEnd: false,
};

/** Returns the place of a segment of the story, or of a line that was copied from the story. */
function toldPlace(offsetMs: number, row: HeardRow, position: number): HeardPlace {
  const { line, analysisId } = row;
  const start = { analysisId, position, ...NO_ASIDE };
  const telling = tellingOf(row);
  const totalMs = telling && totalMsOf(telling.lines);
  // Without the length of the sound, nothing tells which part of the segment was heard.
  if (!telling || !totalMs) return { saved: { ...start, part: null, offsetMs }, isAtEnd: false };
  const began = (at: number) => shareBefore(telling, { position: at, part: 0 }) * totalMs;
  const heard = line
    ? heardMs(telling, line.position, offsetMs)
    : Math.min(began(position) + offsetMs, totalMs);
  const place = placeAtShare(telling, heard / totalMs) ?? { position, part: 0 };
  const sinceSegment = Math.max(Math.round(heard - began(place.position)), 0);
  return {
    saved: { ...start, ...place, offsetMs: sinceSegment },
    isAtEnd: isLast(place.position, telling, row) && totalMs - heard <= END_MS,
  };
}

/** True for the last segment of the story, and for the last one of a script that stops earlier. */
const isLast = (
  position: number,
  { lines, told }: Telling,
  { analysisSegments, narrationSegments }: HeardRow,
): boolean =>
  position === (analysisSegments ?? 0) - 1 ||
  (position === told.at(-1)?.position && lines.at(-1)?.position === (narrationSegments ?? 0) - 1);

const tellingOf = ({ lines, told }: HeardRow): Telling | null =>
  lines && told && told.length > 0 ? { lines, told } : null;

/** Returns the place of a line that is not in the story: the end of the last segment before that is. */
function placeInAside(
  line: Line,
  offsetMs: number,
  row: HeardRow & { readonly analysisId: number },
): HeardPlace {
  const { analysisId, position, lines } = row;
  const before =
    position === null
      ? { position: 0, part: 0, offsetMs: 0 }
      : { position, part: 1, offsetMs: totalMsOf(lines ?? []) ?? 0 };
  return {
    saved: { analysisId, ...before, ...asideOf(line, offsetMs) },
    isAtEnd: isEnd(line, offsetMs, row),
  };
}

/**
 * Returns the place of a line in a script that has no segment of the story: as large a share of the story is heard
 * as of the script.
 */
function untoldPlace(line: Line, offsetMs: number, row: HeardRow): HeardPlace {
  const { currentAnalysisId: analysisId, currentSegments, narrationSegments } = row;
  const share = line.position / Math.max(narrationSegments ?? 1, 1);
  const position = Math.floor(share * (currentSegments ?? 0));
  return {
    saved: { analysisId, position, part: 0, offsetMs: 0, ...asideOf(line, offsetMs) },
    isAtEnd: isEnd(line, offsetMs, row),
  };
}

const asideOf = ({ position, durationMs }: Line, offsetMs: number) => ({
  asidePosition: position,
  asideOffsetMs: Math.min(offsetMs, durationMs ?? offsetMs),
});

const isEnd = ({ position, durationMs }: Line, offsetMs: number, row: HeardRow): boolean =>
  durationMs !== null &&
  position === (row.narrationSegments ?? 0) - 1 &&
  durationMs - offsetMs <= END_MS;
