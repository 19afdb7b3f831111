const VOWELS = new Set("aa ae ah ao aw ax ay eh er ey ih iy ow oy uh uw".split(" "));
const GAP = 0.7;

const BOTH = 0;
const EXPECTED = 1;
const HEARD = 2;

/**
 * The cheapest path through a table with a row for each expected phone and a column for each heard
 * phone. `from` contains the previous step (BOTH, EXPECTED or HEARD) of each cell, row by row.
 */
interface Path {
  readonly from: Uint8Array;
  readonly width: number;
}

/**
 * Assigns every phone of a sentence to a word. Words can have other phones in a sentence than
 * alone. So this function finds the cheapest edit path from the phones of the words to the phones
 * of the sentence (Needleman & Wunsch 1970). Every word gets at least one phone if there are at
 * least as many phones as words.
 * @param words the phones of each word when it is said alone
 * @param heard the phones of the sentence
 * @returns for every word the half-open range of its phones, ascending and without overlap
 */
export function alignWords(
  words: readonly (readonly string[])[],
  heard: readonly string[],
): readonly (readonly [start: number, end: number])[] {
  const expected = words.flat();
  const owners = words.flatMap((phones, word) => phones.map(() => word));
  const wordOf = assignHeard(findPath(expected, heard), owners);
  const ranges: [number, number][] = [];
  let next = 0;
  for (let word = 0; word < words.length; word++) {
    const start = next;
    while (next < heard.length && (wordOf[next] ?? 0) <= word) next += 1;
    ranges.push([start, next]);
  }
  return shareOut(ranges, heard.length);
}

/**
 * Finds the cheapest path. Uses typed arrays, because the table of a paragraph has 250,000 cells.
 */
function findPath(expected: readonly string[], heard: readonly string[]): Path {
  const width = heard.length + 1;
  const from = new Uint8Array((expected.length + 1) * width).fill(HEARD, 0, width);
  let above = Float64Array.from({ length: width }, (_, column) => column * GAP);
  let current = new Float64Array(width);
  for (const [row, phone] of expected.entries()) {
    current[0] = (row + 1) * GAP;
    from[(row + 1) * width] = EXPECTED;
    for (let column = 0; column < heard.length; column++) {
      const both = (above[column] ?? 0) + substitution(phone, heard[column] ?? "");
      const skipExpected = (above[column + 1] ?? 0) + GAP;
      const skipHeard = (current[column] ?? 0) + GAP;
      const cost = Math.min(both, skipExpected, skipHeard);
      current[column + 1] = cost;
      from[(row + 1) * width + column + 1] =
        cost === both ? BOTH : cost === skipExpected ? EXPECTED : HEARD;
    }
    [above, current] = [current, above];
  }
  return { from, width };
}

/**
 * Returns the cost of hearing one phone instead of another. A vowel changes to another vowel far
 * more often than to a consonant, so a change to a consonant costs more.
 */
function substitution(one: string, other: string): number {
  if (one === other) return 0;
  return VOWELS.has(one) === VOWELS.has(other) ? 0.6 : 1.3;
}

/**
 * Returns, for each heard phone, the index of the word to which the phone belongs. A heard phone
 * without a matching expected phone belongs to the word before it.
 */
function assignHeard({ from, width }: Path, owners: readonly number[]): readonly number[] {
  const wordOf = new Array<number>(width - 1).fill(0);
  let row = owners.length;
  let column = width - 1;
  while (row > 0 || column > 0) {
    const step = from[row * width + column] ?? HEARD;
    if (step !== EXPECTED) wordOf[column - 1] = owners[Math.max(0, row - 1)] ?? 0;
    if (step !== HEARD) row -= 1;
    if (step !== EXPECTED) column -= 1;
  }
  return wordOf;
}

/**
 * Gives each word at least one phone. A word without phones gets the first phone of the next word.
 * At the end of the sentence, where no next word has a phone to give, the word gets the last phone
 * of the previous word. If this leaves the previous word without phones, it gets one in the same
 * way.
 */
function shareOut(
  ranges: readonly (readonly [number, number])[],
  heardCount: number,
): readonly (readonly [number, number])[] {
  const ends = ranges.map(([, end]) => end);
  let least = 0;
  for (const [word, end] of ends.entries()) {
    least = Math.min(heardCount, Math.max(end, least + 1));
    ends[word] = least;
  }
  let most = heardCount;
  for (let word = ends.length - 1; word >= 0; word--) {
    most = Math.min(ends[word] ?? most, most);
    ends[word] = most;
    most = Math.max(0, most - 1);
  }
  return ends.map((end, word) => [word === 0 ? 0 : (ends[word - 1] ?? 0), end]);
}
