import type { TextRange } from "../../../../platform/text/edited-text.js";

/** Finds each "[" with its "]", in the order of the "[". A bracket without its other half is none. */
export function bracketPairs(text: string): readonly TextRange[] {
  const open: number[] = [];
  const pairs: TextRange[] = [];
  for (const { 0: bracket, index } of text.matchAll(/[[\]]/g)) {
    if (bracket === "[") open.push(index);
    else {
      const start = open.pop();
      if (start !== undefined) pairs.push({ start, end: index + 1 });
    }
  }
  return pairs.sort((left, right) => left.start - right.start);
}
