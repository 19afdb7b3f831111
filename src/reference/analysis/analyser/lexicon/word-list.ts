/**
 * Returns the words of lines, in which spaces separate the words. So a word list needs no quotation
 * marks around each word.
 */
export function wordList(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "");
}

export function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(wordList(...lines));
}
