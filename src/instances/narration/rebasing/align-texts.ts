/** The number in the result for a text that has no counterpart. */
export const UNMATCHED = -1;

/** How often a range is divided at the texts that occur once in it. */
const MOST_DIVISIONS = 6;
/** The most pairs of texts that one table compares, so that 20,000 lines need about 10 million comparisons. */
const MOST_CELLS = 250_000;

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Alignment {
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** By the index in `before`: the index in `after`. */
  readonly matches: Int32Array;
}

/**
 * Finds the counterparts of a list's texts in a changed list, as a comparison of two versions of a file does.
 * Equal texts that occur often are matched by their neighbours: first the texts are matched that occur once in
 * both lists, then the texts between them. Afterwards, passages that moved are matched: from a text that occurs
 * once in both lists, as far as the neighbours are equal. All other matches are in the same order in both lists.
 * Memory and time grow with the length of the lists, not with its square.
 * @returns by the index in `before`: the index in `after`, or UNMATCHED
 */
export function alignTexts(before: readonly string[], after: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  const numbered = (texts: readonly string[]) =>
    Int32Array.from(texts, (text) => {
      const known = numbers.get(text) ?? numbers.size;
      numbers.set(text, known);
      return known;
    });
  const alignment: Alignment = {
    before: numbered(before),
    after: numbered(after),
    matches: new Int32Array(before.length).fill(UNMATCHED),
  };
  const whole = [wholeOf(alignment.before), wholeOf(alignment.after)] as const;
  alignRanges(alignment, ...whole, MOST_DIVISIONS);
  matchMoved(alignment, ...whole);
  return alignment.matches;
}

const wholeOf = ({ length }: Int32Array): Range => ({ from: 0, to: length });

function alignRanges(alignment: Alignment, old: Range, next: Range, divisions: number): void {
  const [oldRest, nextRest] = matchEnds(alignment, old, next);
  if (oldRest.from === oldRest.to || nextRest.from === nextRest.to) return;
  const anchors = divisions > 0 ? orderedAnchors(alignment, oldRest, nextRest) : [];
  if (anchors.length === 0) {
    alignInBlocks(alignment, oldRest, nextRest);
    return;
  }
  let [oldFrom, nextFrom] = [oldRest.from, nextRest.from];
  for (const [oldAt, nextAt] of [...anchors, [oldRest.to, nextRest.to] as const]) {
    if (oldAt < oldRest.to) alignment.matches[oldAt] = nextAt;
    alignRanges(
      alignment,
      { from: oldFrom, to: oldAt },
      { from: nextFrom, to: nextAt },
      divisions - 1,
    );
    [oldFrom, nextFrom] = [oldAt + 1, nextAt + 1];
  }
}

/** Matches the equal texts at the beginnings and ends of two ranges. Returns the rest of both ranges. */
function matchEnds(
  { before, after, matches }: Alignment,
  old: Range,
  next: Range,
): readonly [Range, Range] {
  let [oldFrom, oldTo, nextFrom, nextTo] = [old.from, old.to, next.from, next.to];
  while (oldFrom < oldTo && nextFrom < nextTo && before[oldFrom] === after[nextFrom]) {
    matches[oldFrom] = nextFrom;
    oldFrom += 1;
    nextFrom += 1;
  }
  while (oldFrom < oldTo && nextFrom < nextTo && before[oldTo - 1] === after[nextTo - 1]) {
    oldTo -= 1;
    nextTo -= 1;
    matches[oldTo] = nextTo;
  }
  return [
    { from: oldFrom, to: oldTo },
    { from: nextFrom, to: nextTo },
  ];
}

type Pair = readonly [oldAt: number, nextAt: number];

/** Returns the texts that occur once in both ranges: the most of them that are in the same order in both. */
function orderedAnchors(alignment: Alignment, old: Range, next: Range): readonly Pair[] {
  const pairs = uniquePairs(alignment, old, next);
  // By length: the place in `pairs` that ends the ascending chain of this length with the smallest end.
  const ends: number[] = [];
  const previous = new Int32Array(pairs.length).fill(UNMATCHED);
  for (const [place, [, nextAt]] of pairs.entries()) {
    const length = lengthBefore(ends, pairs, nextAt);
    previous[place] = ends[length - 1] ?? UNMATCHED;
    ends[length] = place;
  }
  const chain: Pair[] = [];
  for (let place = ends.at(-1) ?? UNMATCHED; place >= 0; place = previous[place] ?? UNMATCHED) {
    const pair = pairs[place];
    if (pair) chain.push(pair);
  }
  return chain.reverse();
}

/** Returns the length of the longest chain that ends before `nextAt`, by bisection. */
function lengthBefore(ends: readonly number[], pairs: readonly Pair[], nextAt: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [, end] = pairs[ends[middle] ?? 0] ?? [0, 0];
    if (end < nextAt) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the pairs of texts that occur once in both ranges, in the order of the old range. */
function uniquePairs({ before, after }: Alignment, old: Range, next: Range): readonly Pair[] {
  const placesInNext = placesOnce(after, next);
  const pairs: Pair[] = [];
  for (const [text, oldAt] of placesOnce(before, old)) {
    const nextAt = placesInNext.get(text) ?? UNMATCHED;
    if (oldAt >= 0 && nextAt >= 0) pairs.push([oldAt, nextAt]);
  }
  return pairs.sort(([one], [other]) => one - other);
}

/** Returns the place of each text. UNMATCHED for a text that occurs more than once. */
function placesOnce(texts: Int32Array, { from, to }: Range): Map<number, number> {
  const places = new Map<number, number>();
  for (const [offset, text] of texts.subarray(from, to).entries()) {
    places.set(text, places.has(text) ? UNMATCHED : from + offset);
  }
  return places;
}

/** Aligns ranges without a text that occurs once in both. Cuts long ranges into blocks of equal shares. */
function alignInBlocks(alignment: Alignment, old: Range, next: Range): void {
  const [olds, nexts] = [old.to - old.from, next.to - next.from];
  const blocks = Math.ceil(Math.sqrt((olds * nexts) / MOST_CELLS));
  const share = (from: number, length: number, block: number) =>
    from + Math.floor((length * block) / blocks);
  for (let block = 0; block < blocks; block += 1) {
    alignBlock(
      alignment,
      { from: share(old.from, olds, block), to: share(old.from, olds, block + 1) },
      { from: share(next.from, nexts, block), to: share(next.from, nexts, block + 1) },
    );
  }
}

/** Matches the longest common subsequence of two ranges. */
function alignBlock(alignment: Alignment, old: Range, next: Range): void {
  const { before, after, matches } = alignment;
  const [olds, width] = [old.to - old.from, next.to - next.from + 1];
  // By the places in both ranges: the length of the longest common subsequence from there on.
  const lengths = new Uint16Array((olds + 1) * width);
  const lengthAt = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = olds - 1; row >= 0; row -= 1) {
    const text = before[old.from + row];
    for (let column = width - 2; column >= 0; column -= 1) {
      lengths[row * width + column] =
        text === after[next.from + column]
          ? lengthAt(row + 1, column + 1) + 1
          : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
    }
  }
  let [row, column] = [0, 0];
  while (row < olds && column < width - 1) {
    if (before[old.from + row] === after[next.from + column]) {
      matches[old.from + row] = next.from + column;
      row += 1;
      column += 1;
    } else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) row += 1;
    else column += 1;
  }
}

/** Matches what moved: texts that occur once in both lists, with their equal neighbours. */
function matchMoved(alignment: Alignment, old: Range, next: Range): void {
  const { before, after, matches } = alignment;
  const isTaken = new Uint8Array(after.length);
  for (const nextAt of matches) if (nextAt >= 0) isTaken[nextAt] = 1;
  const match = (oldAt: number, nextAt: number): boolean => {
    const isFree = matches[oldAt] === UNMATCHED && isTaken[nextAt] === 0;
    if (!isFree || before[oldAt] !== after[nextAt]) return false;
    matches[oldAt] = nextAt;
    isTaken[nextAt] = 1;
    return true;
  };
  for (const [oldAt, nextAt] of uniquePairs(alignment, old, next)) {
    if (!match(oldAt, nextAt)) continue;
    for (let step = 1; match(oldAt + step, nextAt + step); step += 1);
    for (let step = 1; match(oldAt - step, nextAt - step); step += 1);
  }
}
