/**
 * Splits lines into words. Word lists are written as words separated by spaces, so that a diff
 * shows the changed word.
 */
export function wordList(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "");
}

export function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(wordList(...lines));
}
