import type { NavigationEntry } from "./navigation.js";

/** Types of parts, in a guide or in landmarks, that are no text of the story. */
const SILENT_TYPES: ReadonlySet<string> = new Set(
  `cover title-page titlepage halftitlepage toc toc-brief copyright-page copyright colophon imprint index
   loi lot loa lov landmarks page-list footnotes endnotes rearnotes notes`.split(/\s+/),
);

export const isSilentType = (type: string): boolean => SILENT_TYPES.has(type);

const TITLES: ReadonlySet<string> = new Set(
  `cover|cover page|title|title page|titlepage|half title|half title page|halftitle|copyright|copyright page
   |copyright notice|copyright information|contents|table of contents|toc|navigation|imprint|colophon
   |titelseite|titel|impressum|inhalt|inhaltsverzeichnis|umschlag|couverture|page de titre|table des matières
   |sommaire|mentions légales|cubierta|portada|portadilla|créditos|índice|copertina|frontespizio|indice|sommario`
    .split("|")
    .map((title) => title.trim()),
);

const isFrontTitle = ({ title }: NavigationEntry): boolean =>
  TITLES.has(title.toLowerCase().replace(/[\s.:]+$/u, ""));

/**
 * Returns the entries that are no chapters: the cover, the title page, the contents and the page with the
 * copyright. They stand before or after all chapters. A chapter between chapters can have any title.
 */
export function frontEntries(entries: readonly NavigationEntry[]): ReadonlySet<NavigationEntry> {
  const first = entries.findIndex((entry) => !isFrontTitle(entry));
  const last = entries.findLastIndex((entry) => !isFrontTitle(entry));
  if (first < 0) return new Set();
  return new Set([...entries.slice(0, first), ...entries.slice(last + 1)]);
}
