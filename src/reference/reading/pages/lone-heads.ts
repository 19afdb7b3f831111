import { Cut, cutBetween } from "./cuts.js";
import type { InkLines } from "./ink-lines.js";
import { headKey, isHead } from "./mark-lines.js";

/** Two heads are on two pages if they are this far from each other. Signs and refrains are nearer. */
const SHORTEST_PAGE = 600;
const FEWEST_NEAR = 3;

/**
 * Finds running heads of pages without numbers: a short line that stands alone, comes again at a page's distance, and
 * cuts sentences.
 */
export function findLoneHeads(
  lines: InkLines,
  isKnown: (line: number) => boolean,
): readonly number[] {
  const byKey = new Map<string, number[]>();
  for (let line = 1; line < lines.count - 1; line += 1) {
    if (lines.isTight(line) || lines.isTight(line + 1) || isKnown(line)) continue;
    const text = lines.of(line);
    if (!isHead(text)) continue;
    const key = headKey(text);
    const known = byKey.get(key);
    if (known) known.push(line);
    else byKey.set(key, [line]);
  }
  return [...byKey.values()].flatMap((found) => (found.length < 2 ? [] : headsAmong(lines, found)));
}

function headsAmong(lines: InkLines, found: readonly number[]): readonly number[] {
  const cuts = new Set(found.filter((line) => cutBetween(lines, line - 1, line + 1) === Cut.Sure));
  const [first = 0] = found;
  const distance = lines.startOf(found.at(-1) ?? first) - lines.startOf(first);
  const isFar = distance / (found.length - 1) >= SHORTEST_PAGE;
  if (cuts.size === 0 || 3 * cuts.size < found.length || !(isFar || found.length >= FEWEST_NEAR)) {
    return [];
  }
  return found.filter((line) => cuts.has(line) || line !== first);
}
