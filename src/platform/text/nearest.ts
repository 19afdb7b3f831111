/**
 * Returns the choices that a person may have meant by the word: those that begin with the word, else those that
 * differ in the fewest letters, but at most in a third of them.
 */
export function nearestTo(word: string, choices: readonly string[], most = 3): string[] {
  const wanted = word.toLowerCase();
  const near = choices
    .map((choice) => ({ choice, steps: stepsTo(wanted, choice.toLowerCase()) }))
    .filter(({ choice, steps }) => steps <= Math.max(1, Math.ceil(choice.length / 3)));
  const fewest = Math.min(...near.map(({ steps }) => steps));
  return near
    .filter(({ steps }) => steps === fewest)
    .slice(0, most)
    .map(({ choice }) => choice);
}

function stepsTo(word: string, choice: string): number {
  if (word.length > 1 && choice.startsWith(word)) return 0;
  return editDistance(word, choice);
}

/** Counts the letters that must be added, removed, changed or swapped with their neighbour (Damerau 1964). */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(
        Math.min(
          at(rows, i - 1, j) + 1,
          at([row], 0, j - 1) + 1,
          at(rows, i - 1, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(rows, i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
    rows.push(row);
  }
  return at(rows, from.length, to.length);
}

const at = (rows: readonly (readonly number[])[], i: number, j: number): number =>
  rows[i]?.[j] ?? Infinity;
