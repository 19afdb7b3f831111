import type { TextRange } from "../../platform/text/edited-text.js";

/** Yields the lines of a text, without their line ends. A text in its stored form has only \n line ends. */
export function* linesOf(text: string): Generator<TextRange> {
  let start = 0;
  while (start <= text.length) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    yield { start, end };
    start = end + 1;
  }
}
