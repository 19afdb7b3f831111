import type { TimedSegment, TimedWord, TimingsDocument } from "./timings.js";

/** Two lines of 42, as subtitlers have it. */
const MAX_LINE_CHARS = 42;
const MAX_CUE_CHARS = MAX_LINE_CHARS * 2;

/** A word with what stands around it: quotes before, stops and a space after. */
interface Piece {
  readonly word: TimedWord;
  readonly written: string;
}

/**
 * WebVTT (W3C) with a timestamp at every word: each segment in cues that two lines hold, broken after
 * a stop where there is one. A cue lasts from its first word to its last, and names its speaker as people do.
 */
export function webVtt(timings: TimingsDocument): string {
  const cues = timings.segments.flatMap((segment) =>
    cuesOf(piecesOf(segment)).map((pieces) => cueText(pieces, segment.speaker?.name ?? null)),
  );
  return ["WEBVTT", ...cues].join("\n\n").concat("\n");
}

/** Words without length are not heard; they stay with the word before them. */
function piecesOf({ text, words }: TimedSegment): readonly Piece[] {
  return words.map((word, index) => ({
    word,
    written: text.slice(index === 0 ? 0 : word.start, words[index + 1]?.start ?? text.length),
  }));
}

function cuesOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const cues: (readonly Piece[])[] = [];
  let rest = pieces;
  while (rest.length > 0) {
    const cue = rest.slice(0, breakIn(rest));
    cues.push(cue);
    rest = rest.slice(cue.length);
  }
  return cues.filter((cue) => cue.some(({ word }) => word.endMs > word.startMs));
}

function breakIn(pieces: readonly Piece[]): number {
  let chars = 0;
  let fitting = 0;
  for (const { written } of pieces) {
    if (chars + tidy(written).length > MAX_CUE_CHARS && fitting > 0) break;
    chars += written.length;
    fitting += 1;
  }
  if (fitting === pieces.length) return fitting;
  const lastAfter = (stop: RegExp) =>
    pieces.slice(0, fitting).findLastIndex(({ written }) => stop.test(tidy(written))) + 1;
  const atSentence = lastAfter(/[.?!…]["'”’)]*$/u);
  const atStop = lastAfter(/[,;:—–]["'”’)]*$/u);
  // A cue of one or two words only flashes by.
  if (atSentence > 2) return atSentence;
  return atStop > fitting / 3 ? atStop : fitting;
}

function cueText(pieces: readonly Piece[], speaker: string | null): string {
  const startMs = pieces[0]?.word.startMs ?? 0;
  const endMs = pieces.at(-1)?.word.endMs ?? startMs;
  const lineBreak = middleOf(pieces);
  const text = pieces
    .map(({ word, written }, index) => {
      const mark = word.startMs > startMs && word.startMs < endMs ? `<${stamp(word.startMs)}>` : "";
      const after = index + 1 === lineBreak ? "\n" : /\s$/u.test(written) ? " " : "";
      return mark + escaped(tidy(written)) + after;
    })
    .join("")
    .trim();
  const voice = speaker ? `<v ${escaped(tidy(speaker))}>` : "";
  return `${stamp(startMs)} --> ${stamp(endMs)}\n${voice}${text}`;
}

/** Where the second line starts, 0 for one line. */
function middleOf(pieces: readonly Piece[]): number {
  const total = pieces.reduce((sum, { written }) => sum + written.length, 0);
  if (total <= MAX_LINE_CHARS) return 0;
  let chars = 0;
  const at = pieces.findIndex(({ written }) => {
    chars += written.length;
    return chars >= total / 2;
  });
  return at + 1;
}

const tidy = (text: string) => text.replace(/\s+/gu, " ").trim();

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function stamp(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const thousandths = String(ms % 1000).padStart(3, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${thousandths}`;
}
