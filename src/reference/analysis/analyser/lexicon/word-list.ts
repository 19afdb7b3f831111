/** Lexicons are written as running words, so that a diff shows the word that changed. */
export function wordList(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "");
}

export function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(wordList(...lines));
}
