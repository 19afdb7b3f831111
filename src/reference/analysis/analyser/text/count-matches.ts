/**
 * Counts the matches of a global pattern that never matches nothing. `text.match(pattern)` would make
 * an array of them: 30 MB for the words of a long text.
 */
export function countMatches(text: string, pattern: RegExp): number {
  pattern.lastIndex = 0;
  let count = 0;
  while (pattern.test(text)) count += 1;
  return count;
}
