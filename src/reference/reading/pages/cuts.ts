import type { InkLines } from "./ink-lines.js";
import { isHead } from "./mark-lines.js";

/** How sure it is that two lines belong to one sentence. */
export const Cut = { None: 0, Maybe: 1, Sure: 2 } as const;
export type Cut = (typeof Cut)[keyof typeof Cut];

const CLOSED = /[.!?…:]["'”’»)\]]*$/u;
const GOES_ON = /^["'“‘«([—–-]{0,2}\p{Ll}/u;
const CAN_GO_ON = /^["'“‘«]?[\p{L}\p{N}]/u;
const OPEN = /[\p{L}\p{N},;—–-]$/u;
/** "Not yet!" / said Ida: speech can close before its tag. */
const CLOSED_SPEECH = /[!?…]["'”’»]$/u;
const WORDS = /\p{L}[\p{L}'’-]*/gu;
const CUT_WORD = /\p{L}[-‐¬\u00AD]$/u;
const FEWEST_WORDS = 5;

/**
 * Tells whether one sentence goes on from one line to a later line. A line of fewer than five words tells nothing:
 * the line can be an item of a list.
 */
export function cutBetween(lines: InkLines, before: number, after: number): Cut {
  const [first, second] = [lines.of(before).slice(-200), lines.of(after).slice(0, 200)];
  if (CUT_WORD.test(first) && /^\p{Ll}/u.test(second)) return Cut.Sure;
  if (!isWrapped(lines, before) && countWords(first) < FEWEST_WORDS) return Cut.None;
  if (GOES_ON.test(second)) return isClosed(first) ? Cut.None : Cut.Sure;
  return isOpen(first) && CAN_GO_ON.test(second) ? Cut.Maybe : Cut.None;
}

const isClosed = (line: string): boolean => CLOSED.test(line) && !CLOSED_SPEECH.test(line);

const isOpen = (line: string): boolean => OPEN.test(line) && !isHead(line);

/** True if a line of prose is right above a line. */
const isWrapped = (lines: InkLines, line: number): boolean =>
  lines.isTight(line) && countWords(lines.of(line - 1).slice(-200)) >= FEWEST_WORDS;

const countWords = (line: string): number => line.match(WORDS)?.length ?? 0;

/** True if both lines stand among lines that begin with capitals, as the lines of a poem do. */
export const isVerse = (lines: InkLines, before: number, after: number): boolean =>
  lines.isTight(before) &&
  lines.isTight(after + 1) &&
  [before - 1, before, after, after + 1].every((line) =>
    /^[^\p{L}]{0,2}\p{Lu}/u.test(lines.of(line)),
  );
