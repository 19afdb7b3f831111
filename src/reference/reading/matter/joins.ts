import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { hasOwnLine, spanOf } from "./spans.js";

const JOINED: ReadonlySet<ApparatusKind> = new Set([
  ApparatusKind.Header,
  ApparatusKind.Illustration,
  ApparatusKind.EditorNote,
  ApparatusKind.Footnote,
]);
/** A sentence goes on if it has not ended before the notes, and the next word is a small one. */
const GOES_ON = /[\p{Ll},;]$/u;
const HYPHEN = /\p{L}[-‐]$/u;
const SMALL = /^\p{Ll}/u;
/** More blank lines than this are no page break. */
const WIDEST_GAP = 200;

/**
 * Puts the two parts of a sentence together where notes stand between them, with the blank lines around the
 * notes.
 *
 * @param spans in order
 */
export function joinSentences(
  text: string,
  spans: readonly ApparatusSpan[],
): readonly ApparatusSpan[] {
  const joined: ApparatusSpan[] = [];
  for (let at = 0; at < spans.length;) {
    const notes = notesAt(text, spans, at);
    joined.push(...(notes.length > 0 ? join(text, notes, joined) : spans.slice(at, at + 1)));
    at += Math.max(notes.length, 1);
  }
  return joined;
}

/** Returns the notes that follow one another on lines of their own. */
function notesAt(
  text: string,
  spans: readonly ApparatusSpan[],
  from: number,
): readonly ApparatusSpan[] {
  let to = from;
  for (let end = -1; to < spans.length; to += 1) {
    const span = spans[to];
    if (span === undefined || !JOINED.has(span.kind) || !hasOwnLine(text, span)) break;
    if (end >= 0 && inkAfter(text, end) < span.start) break;
    end = span.end;
  }
  return spans.slice(from, to);
}

function join(
  text: string,
  notes: readonly ApparatusSpan[],
  before: readonly ApparatusSpan[],
): readonly ApparatusSpan[] {
  const [first, last] = [notes[0], notes.at(-1)];
  if (first === undefined || last === undefined) return notes;
  const start = inkBefore(text, first.start);
  const end = inkAfter(text, last.end);
  if (!SMALL.test(text.slice(end, end + 2)) || start === first.start) return notes;
  const word = wordBefore(text, start, before);
  const hyphen = { start: word - 1, end: word };
  const isHyphen = HYPHEN.test(text.slice(Math.max(0, word - 3), word));
  if (!isHyphen && !GOES_ON.test(text.slice(Math.max(0, word - 2), word))) return notes;
  const tiles = notes.map((note, index) => ({
    ...note,
    start: index === 0 ? start : (notes[index - 1]?.end ?? start),
    end: index === notes.length - 1 ? end : note.end,
    said: index === 0 && !isHyphen ? " " : "",
  }));
  // The hyphen can only be a span of its own if no mark stands between it and the notes.
  return isHyphen && word === start ? [spanOf(ApparatusKind.Hyphenation, hyphen), ...tiles] : tiles;
}

/** Returns where the story ends before the spans that end at an offset, which are marks of footnotes. */
function wordBefore(text: string, from: number, spans: readonly ApparatusSpan[]): number {
  let end = from;
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    const span = spans[index];
    if (span?.end !== end || span.kind !== ApparatusKind.FootnoteMark) break;
    end = inkBefore(text, span.start);
  }
  return end;
}

const inkBefore = (text: string, offset: number): number => {
  const from = Math.max(0, offset - WIDEST_GAP);
  return from + text.slice(from, offset).trimEnd().length;
};

const inkAfter = (text: string, offset: number): number => {
  const to = offset + WIDEST_GAP;
  const gap = text.slice(offset, to);
  return offset + gap.length - gap.trimStart().length;
};
