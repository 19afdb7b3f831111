import { shownText } from "./shown-text.js";
import type { TimedSegment, TimingsDocument } from "./timings.js";

/**
 * A cue (one caption) has at most two lines of 42 characters, as is usual for subtitles. A longer
 * word stands alone on its line.
 */
const MAX_LINE_CHARS = 42;
const MAX_LINES = 2;

/**
 * A word that is heard, with the signs around the word: quotes before, punctuation and a space
 * after.
 */
interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  readonly written: string;
}

/**
 * Returns the captions as WebVTT (W3C). Each word is a class span after its timestamp, so that a page can style
 * the word that is heard. A segment is split into cues of at most two lines, after punctuation if possible. A
 * line of verse is a segment, so it has cues of its own. A cue is shown from the start of its first word to the
 * end of its last word. A cue names the speaker. Apparatus is not shown.
 */
export function writeWebVtt(timings: TimingsDocument): string {
  const cues = timings.segments.flatMap((segment) =>
    cuesOf(piecesOf(segment)).map((pieces) => cueText(pieces, segment.speaker?.name ?? null)),
  );
  return ["WEBVTT", ...cues].join("\n\n").concat("\n");
}

/**
 * Splits a segment into the words that are heard. A word without duration is not heard: its text is
 * added to the previous word. If no word is before it, its text is added to the next word.
 */
function piecesOf({ text, words, apparatus = [] }: TimedSegment): readonly Piece[] {
  const pieces: Piece[] = [];
  const shown = (start: number, end = text.length) => shownText(text, apparatus, { start, end });
  let before = shown(0, words[0]?.start);
  for (const [index, { start, startMs, endMs }] of words.entries()) {
    const written = shown(start, words[index + 1]?.start);
    const last = pieces.at(-1);
    if (endMs > startMs) {
      pieces.push({ startMs, endMs, written: before + written });
      before = "";
    } else if (last) {
      pieces[pieces.length - 1] = { ...last, written: last.written + written };
    } else {
      before += written;
    }
  }
  return pieces;
}

function cuesOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const cues: (readonly Piece[])[] = [];
  let rest = pieces;
  while (rest.length > 0) {
    const cue = rest.slice(0, breakIn(rest));
    cues.push(cue);
    rest = rest.slice(cue.length);
  }
  return cues;
}

function breakIn(pieces: readonly Piece[]): number {
  let shown = "";
  let fitting = 0;
  for (const { written } of pieces) {
    shown += written;
    if (fitting > 0 && linesOf(tidy(shown), MAX_LINE_CHARS).length > MAX_LINES) break;
    fitting += 1;
  }
  if (fitting === pieces.length) return fitting;
  const lastAfter = (stop: RegExp) =>
    pieces.slice(0, fitting).findLastIndex(({ written }) => stop.test(tidy(written))) + 1;
  const atSentence = lastAfter(/[.?!…]["'”’)]*$/u);
  const atStop = lastAfter(/[,;:—–]["'”’)]*$/u);
  // Do not end a cue after only one or two words, because such a cue disappears too quickly.
  if (atSentence > 2) return atSentence;
  return atStop > fitting / 3 ? atStop : fitting;
}

function cueText(pieces: readonly Piece[], speaker: string | null): string {
  const startMs = pieces[0]?.startMs ?? 0;
  const endMs = pieces.at(-1)?.endMs ?? startMs;
  const text = pieces
    .map(({ startMs: at, written }) => {
      const mark = at > startMs ? `<${stamp(at)}>` : "";
      return `${mark}<c>${escaped(tidy(written))}</c>${/\s$/u.test(written) ? " " : ""}`;
    })
    .join("");
  const voice = speaker ? `<v ${escaped(tidy(speaker))}>` : "";
  return `${stamp(startMs)} --> ${stamp(endMs)}\n${voice}${evenLines(text.trim()).join("\n")}`;
}

/** Splits a text into as few lines as possible, with lengths as even as possible. */
function evenLines(text: string): readonly string[] {
  const fewest = linesOf(text, MAX_LINE_CHARS);
  let narrowest = fewest;
  for (let width = MAX_LINE_CHARS - 1; width > 0; width--) {
    const lines = linesOf(text, width);
    if (lines.length > fewest.length) break;
    narrowest = lines;
  }
  return narrowest;
}

/** Splits a text into lines at spaces and after dashes. */
function linesOf(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const bit of text.match(/.+?(?:\s|[—–](?:<\/c>)?(?=<\d|\p{L})|$)/gu) ?? []) {
    const line = (lines.at(-1) ?? "") + bit;
    if (lines.length > 0 && shownChars(line) <= width) lines[lines.length - 1] = line;
    else lines.push(bit);
  }
  return lines.map((line) => line.trim());
}

/**
 * Returns the number of characters that a reader sees. Tags are not counted. An escaped sign, such as `&amp;`,
 * counts as one character.
 */
const shownChars = (text: string) =>
  text
    .replace(/<[^>]*>/gu, "")
    .replace(/&(?:amp|lt|gt);/gu, "x")
    .trim().length;

const tidy = (text: string) => text.replace(/\s+/gu, " ").trim();

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function stamp(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const thousandths = String(ms % 1000).padStart(3, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${thousandths}`;
}
