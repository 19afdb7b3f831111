import type { Paragraph, SegmentKind, Span } from "../document.js";
import type { Quote } from "./quotes/quotes.js";
import { splitSentences } from "./sentences.js";

/**
 * A segment of which only place and kind are known. `quote` is the index of the quote, or -1 in
 * narration.
 */
export interface RawSegment extends Span {
  readonly kind: SegmentKind;
  readonly paragraph: number;
  readonly quote: number;
}

/**
 * The longest group of sentences of narration, in characters: about three sentences. Each group
 * gets one voice and one emotion.
 */
const NARRATION_LENGTH = 300;
/**
 * The longest segment, in characters. flite, the built-in speech engine, speaks at most this much
 * text in one call.
 */
const LONGEST_SEGMENT = 600;

const LETTER = /[\p{L}\p{N}]/u;
const LATIN_LETTER = /\p{Script=Latin}/u;
const OTHER_LETTER = /(?!\p{Script=Latin})\p{L}/u;

/**
 * Divides a paragraph into segments without gap or overlap. Quotes with their marks are dialogue.
 * The rest is narration, in groups of sentences of up to 300 characters. Speech of more than 600
 * characters is split at sentences. A sentence of more than 600 characters is split at words.
 * A sentence in another script than
 * its neighbours is a segment of its own. Whitespace between two segments belongs to the first segment. Narration without a letter or
 * digit, for example a dash between two quotes, belongs to the segment beside it.
 */
export function tileParagraph(
  text: string,
  paragraph: Paragraph,
  quotes: readonly Quote[],
  language: string,
): readonly RawSegment[] {
  const pieces = joinSilent(text, cutAtQuotes(text, paragraph, quotes));
  return pieces.flatMap((piece) => splitPiece(text, piece, language));
}

/** Cuts segments of verse into their lines. The line end belongs to its line. */
export function cutLines(text: string, tiles: readonly RawSegment[]): readonly RawSegment[] {
  return tiles.flatMap((tile) => {
    const lines = text.slice(tile.start, tile.end).match(/[^\n]*\S[^\n]*(?:\n\s*|$)/gu) ?? [];
    let start = tile.start;
    return lines.map((line, index) => {
      const end = index === lines.length - 1 ? tile.end : start + line.length;
      const piece = { ...tile, start, end };
      start = end;
      return piece;
    });
  });
}

function cutAtQuotes(
  text: string,
  paragraph: Paragraph,
  quotes: readonly Quote[],
): readonly RawSegment[] {
  const pieces: RawSegment[] = [];
  const place = { paragraph: paragraph.index };
  let at = paragraph.start;
  for (const quote of quotes) {
    if (quote.start > at)
      pieces.push({ ...place, kind: "narration", quote: -1, start: at, end: quote.start });
    const end = skipBlank(text, quote.end, paragraph.end);
    pieces.push({ ...place, kind: "dialogue", quote: quote.index, start: quote.start, end });
    at = end;
  }
  if (at < paragraph.end) {
    pieces.push({ ...place, kind: "narration", quote: -1, start: at, end: paragraph.end });
  }
  return pieces;
}

function skipBlank(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /[\s\uFEFF]/u.test(text.charAt(at))) at += 1;
  return at;
}

function joinSilent(text: string, pieces: readonly RawSegment[]): readonly RawSegment[] {
  const joined: RawSegment[] = [];
  let carried = -1;
  for (const piece of pieces) {
    const previous = joined.at(-1);
    const isSilent = piece.quote === -1 && !LETTER.test(text.slice(piece.start, piece.end));
    if (isSilent && pieces.length > 1) {
      if (previous === undefined) carried = piece.start;
      else joined[joined.length - 1] = { ...previous, end: piece.end };
      continue;
    }
    joined.push(carried >= 0 ? { ...piece, start: carried } : piece);
    carried = -1;
  }
  return joined;
}

function splitPiece(text: string, piece: RawSegment, language: string): readonly RawSegment[] {
  const limit = piece.kind === "narration" ? NARRATION_LENGTH : LONGEST_SEGMENT;
  const isMixed = hasTwoScripts(text, piece);
  if (piece.end - piece.start <= limit && !isMixed) return [piece];
  const parts = splitSentences(text, piece, language).flatMap((sentence) =>
    splitLong(text, sentence),
  );
  const groups = isMixed
    ? splitByScript(text, parts).flatMap((run) => groupParts(run, limit))
    : groupParts(parts, limit);
  return groups.map((part) => ({ ...piece, ...part }));
}

function hasTwoScripts(text: string, { start, end }: Span): boolean {
  const part = text.slice(start, end);
  return OTHER_LETTER.test(part) && LATIN_LETTER.test(part);
}

/**
 * Splits sentences into runs: sentences without a Latin letter, and the others. A voice that cannot say a script is
 * silent for its own run only.
 */
function splitByScript(text: string, parts: readonly Span[]): readonly (readonly Span[])[] {
  const runs: Span[][] = [];
  let isForeign: boolean | null = null;
  for (const part of parts) {
    const words = text.slice(part.start, part.end);
    const isOther = !LATIN_LETTER.test(words) && OTHER_LETTER.test(words);
    if (isOther === isForeign) runs.at(-1)?.push(part);
    else runs.push([part]);
    isForeign = isOther;
  }
  return runs;
}

/** Splits a sentence of more than 600 characters after the last space that fits. */
function splitLong(text: string, sentence: Span): readonly Span[] {
  const parts: Span[] = [];
  let start = sentence.start;
  while (sentence.end - start > LONGEST_SEGMENT) {
    const end = breakBefore(text, start, start + LONGEST_SEGMENT);
    parts.push({ start, end });
    start = end;
  }
  parts.push({ start, end: sentence.end });
  return parts;
}

function breakBefore(text: string, start: number, furthest: number): number {
  for (let at = furthest; at > start + 1; at -= 1) {
    if (/\s/u.test(text.charAt(at - 1)) && !/\s/u.test(text.charAt(at))) return at;
  }
  // Do not split a surrogate pair.
  return /[\uDC00-\uDFFF]/.test(text.charAt(furthest)) ? furthest - 1 : furthest;
}

function groupParts(parts: readonly Span[], limit: number): readonly Span[] {
  const groups: Span[] = [];
  for (const part of parts) {
    const open = groups.at(-1);
    if (open !== undefined && part.end - open.start <= limit) {
      groups[groups.length - 1] = { start: open.start, end: part.end };
    } else {
      groups.push(part);
    }
  }
  return groups;
}
