import type { TextRange } from "../../../../platform/text/edited-text.js";
import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { inkOf, spanOf } from "../spans.js";
import { findLicenceMarkers, type LicenceMarker } from "./markers.js";

/** The longest licences that are known have 25,000 characters. */
const LONGEST_LICENCE = 60_000;
/** The first words of a licence or a header show what it is. */
const LOOK = 8000;
const LONGEST_HEADER = 20_000;
const LOOK_BEHIND = 1000;
/** A header of a few lines needs only one sign. */
const SHORT_HEADER = 400;

/** Lines that stand in the header of an electronic book. */
const HEADER_SIGNS: readonly RegExp[] = [
  /^[ *_<-]{0,10}(?:The |This |Welcome to )?Project Gutenberg(?:['’]s)?\s\S/im,
  /^[ *_<-]{0,10}this e-?(?:book|text) is for the use of anyone/im,
  /^Title: *\S?/m,
  /^Author: *\S?/m,
  /^(?:Release|Posting) date: */im,
  /^Language: */m,
  /^Character set/im,
  /^(?:Credits: |Produced by |E-?text prepared by |Transcribed from )/im,
  /^[ *_<-]{0,10}(?:START[\W_]*THE SMALL PRINT|Small Print)/im,
  /^[ *_<-]{0,10}Copyright laws are changing/im,
  /^[ *_<-]{0,10}(?:Welcome To The World of Free|Etexts Readable By Both Humans)/im,
  /\[(?:e-?book|e-?text|etext) ?#\d+\]/i,
];

const LICENCE_WORDS =
  /project gutenberg|full licen[sc]e|updated editions will|should be named|small print|gutenberg\.(?:org|net)|archive foundation/i;

/**
 * Finds the licence of an electronic book: everything before the marker of its start, and everything after
 * the marker of its end. Where the text beside a marker does not look like a licence, only the marker is one.
 */
export function findLicences(text: string): readonly ApparatusSpan[] {
  const markers = findLicenceMarkers(text);
  const nextOpening = openingsAfter(markers, text.length);
  const found: ApparatusSpan[] = [];
  let from = 0;
  for (const [index, marker] of markers.entries()) {
    if (marker.end <= from || (from === 0 && isInHeader(text, marker))) continue;
    const cut = marker.isOpening
      ? withHeader(text, from, marker)
      : withLicence(text, marker, nextOpening[index] ?? text.length);
    const ink = inkOf(text, cut);
    if (ink !== null) found.push(spanOf(ApparatusKind.Licence, ink));
    from = cut.end;
  }
  return found;
}

/** Old headers name their file and have small print, as old licences do. */
const isInHeader = (text: string, { start, end, isOpening }: LicenceMarker): boolean =>
  !isOpening &&
  /should be named|small print/i.test(text.slice(start, end)) &&
  start <= LONGEST_HEADER &&
  isHeader(text.slice(0, start));

/** Returns for each marker where the next book begins. */
function openingsAfter(markers: readonly LicenceMarker[], end: number): readonly number[] {
  const starts: number[] = [];
  let next = end;
  for (const { isOpening, start } of markers.toReversed()) {
    starts.push(next);
    if (isOpening) next = start;
  }
  return starts.reverse();
}

function withHeader(text: string, from: number, marker: LicenceMarker): TextRange {
  const isCut = marker.start - from <= LONGEST_LICENCE && isHeader(text.slice(from, marker.start));
  return { start: isCut ? from : marker.start, end: marker.end };
}

function isHeader(header: string): boolean {
  const look = header.slice(0, LOOK);
  const signs = HEADER_SIGNS.filter((sign) => sign.test(look)).length;
  return signs >= (header.trim().length <= SHORT_HEADER ? 1 : 2);
}

/** The licence after a book goes on to the end of the text, or to the next book. */
function withLicence(text: string, marker: LicenceMarker, end: number): TextRange {
  const isCut =
    end - marker.end <= LONGEST_LICENCE &&
    LICENCE_WORDS.test(text.slice(marker.end, end).trimStart().slice(0, LOOK_BEHIND));
  return { start: marker.start, end: isCut ? end : marker.end };
}
