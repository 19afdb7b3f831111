import type { TextRange } from "../../../../platform/text/edited-text.js";
import { linesOf } from "../../lines.js";

/** A line that says where a licence ends and the book begins, or where the book ends. */
export interface LicenceMarker extends TextRange {
  /** True if the book begins after the marker. */
  readonly isOpening: boolean;
}

/** Only a line with one of these words can be a marker. */
const CANDIDATE =
  /gutenberg|small print|full licen[sc]e|updated editions|file should be named|etextes/i;
const LONGEST_LINE = 200;
/** A marker can be wrapped over this many lines. */
const MOST_LINES = 4;

/** Lines in capitals, such as "*** START OF THE PROJECT GUTENBERG EBOOK THE SALT ROAD ***". */
const CAPITAL_OPENING = /^[\W_]*START OF (?:THE |THIS )?(?:COPYRIGHTED )?PROJECT GUTENBERG/;
const CAPITAL_CLOSING = /^[\W_]*END OF (?:THE |THIS )?(?:COPYRIGHTED )?PROJECT GUTENBERG/;
const OPENING: readonly RegExp[] = [
  /^[\W_]*END[\W_]*THE SMALL PRINT!/,
  /^[\W_]*Beginning of th(?:is|e) Project Gutenberg/i,
];

/** Lines after the book that have no stars. They name a book, or are the first words of the licence. */
const CLOSING: readonly RegExp[] = [
  /^[\W_]*(?:START[\W_]*THE SMALL PRINT!|The Legal Small Print[\W_]*$)/,
  /^[\W_]*(?:The )?End of (?:the |this )?Project Gutenberg(?:['’]s)?\s.{0,150}\be-?(?:book|text)\b/i,
  /^[\W_]*(?:The )?End of (?:the |this )?Project Gutenberg(?:['’]s)?\s.{2,150},\s+by(?:\s\p{Lu}|$)/iu,
  /^[\W_]*(?:Ende? (?:de |dieses )?|Fin (?:de )?)Proje[ck]t Gutenberg/i,
  /^[\W_]*Ende dieses (?:Proje[ck]t Gutenberg|Etextes)/i,
  /^[\W_]*START: FULL LICEN[SC]E[\W_]*$/,
  /^[\W_]*THE FULL PROJECT GUTENBERG(?:-tm|™)? LICEN[SC]E[\W_]*$/i,
  /^Updated editions will replace the previous one/,
  /^[\W_]*This (?:file|etext|ebook) should be named \S+\.(?:txt|zip|html?)\b/i,
];

/** Finds the markers of a text, in order. */
export function findLicenceMarkers(text: string): readonly LicenceMarker[] {
  const markers: LicenceMarker[] = [];
  let last = 0;
  for (const line of linesOf(text)) {
    if (line.start < last || line.end - line.start > LONGEST_LINE) continue;
    const marker = CANDIDATE.test(text.slice(line.start, line.end)) ? markerAt(text, line) : null;
    if (marker === null) continue;
    markers.push(marker);
    last = marker.end;
  }
  return markers;
}

function markerAt(text: string, line: TextRange): LicenceMarker | null {
  const words = text.slice(line.start, line.end).trim();
  const isOpening = CAPITAL_OPENING.test(words);
  if (isOpening || CAPITAL_CLOSING.test(words)) return capitalMarker(text, line, isOpening);
  if (OPENING.some((form) => form.test(words))) return { ...line, isOpening: true };
  return CLOSING.some((form) => form.test(words)) ? { ...line, isOpening: false } : null;
}

/** A marker with stars ends at its last stars. A marker without them is one line, all in capitals. */
function capitalMarker(text: string, line: TextRange, isOpening: boolean): LicenceMarker | null {
  const end = starsAtLineEnd(text, line);
  if (end !== null) return { start: line.start, end, isOpening };
  const words = text.slice(line.start, line.end);
  return words === words.toUpperCase() ? { ...line, isOpening } : null;
}

function starsAtLineEnd(text: string, line: TextRange): number | null {
  let end = line.end;
  for (
    let lines = 0;
    lines < MOST_LINES && end - line.start <= MOST_LINES * LONGEST_LINE;
    lines += 1
  ) {
    const words = text.slice(line.start, end).trimEnd();
    if (words.endsWith("*")) return line.start + words.length;
    const next = text.indexOf("\n", end + 1);
    const nextEnd = next === -1 ? text.length : next;
    if (text.slice(end, nextEnd).trim() === "") return null;
    end = nextEnd;
  }
  return null;
}
