import type { ChapterHeading } from "../../reading/chapters/chapters.js";
import { nameOf } from "../titles.js";
import type { NavigationEntry } from "./navigation.js";

interface PlacedEntry extends NavigationEntry {
  readonly start: number;
}

/**
 * Makes chapters of the entries of a navigation. Entries without text of their own belong to the next entry:
 * a part that begins with its first chapter gives “Part One: Chapter 1”.
 * @param startOf returns the offset of an entry, or null if the entry is not in the text
 */
export function navChapters(
  entries: readonly NavigationEntry[],
  startOf: (entry: NavigationEntry) => number | null,
): readonly ChapterHeading[] {
  const placed = entries
    .flatMap((entry): PlacedEntry[] => {
      const start = startOf(entry);
      return start === null ? [] : [{ ...entry, start }];
    })
    // Sorting is stable, so entries at one place stay in their order.
    .sort((a, b) => a.start - b.start);
  const chapters: ChapterHeading[] = [];
  let open: PlacedEntry[] = [];
  const close = (): void => {
    const [first] = open;
    const title = nameOf(open.map((entry) => entry.title).join(": "));
    if (first && title !== null) chapters.push({ title, start: first.start });
  };
  for (const entry of placed) {
    if (open[0]?.start !== entry.start) {
      close();
      open = [];
    }
    open = withEntry(open, entry);
  }
  close();
  return chapters;
}

/** Of two entries of one depth at one place, the first has no text, unless both lead to the same place. */
function withEntry(open: readonly PlacedEntry[], entry: PlacedEntry): PlacedEntry[] {
  const isRepeated = open.some(({ path, id }) => path === entry.path && id === entry.id);
  if (isRepeated && open.some(({ depth }) => depth >= entry.depth)) return [...open];
  return [...open.filter(({ depth }) => depth < entry.depth), entry];
}
