export interface TextPiece {
  readonly text: string;
  /** UTF-16 offset into the whole text. */
  readonly start: number;
}

const SENTENCE_END = /[.?!…]["'”’)]*\s+(?=\S)/gu;
const STOP = /[,;:—–]["'”’)]*\s+(?=\S)/gu;
const SPACE = /\s+(?=\S)/gu;

/**
 * Splits a text into pieces of at most `maxChars` characters. Cuts after a sentence if possible,
 * otherwise after other punctuation, otherwise after a space. Without any of them, cuts anywhere.
 */
export function splitText(text: string, maxChars: number): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let start = 0;
  while (start < text.length) {
    const end =
      text.length - start <= maxChars ? text.length : start + cutOf(text, start, maxChars);
    pieces.push({ text: text.slice(start, end), start });
    start = end;
  }
  return pieces;
}

function cutOf(text: string, start: number, maxChars: number): number {
  const window = text.slice(start, start + maxChars);
  for (const pattern of [SENTENCE_END, STOP, SPACE]) {
    const last = [...window.matchAll(pattern)].at(-1);
    if (last && last.index > 0) return last.index + last[0].length;
  }
  // Do not cut between the halves of a surrogate pair.
  return /[\uD800-\uDBFF]$/.test(window) ? maxChars - 1 : maxChars;
}
