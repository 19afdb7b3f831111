import { attributeOf, childrenCalled, elementsCalled, parseXml } from "../zip/xml.js";

/** What the style of a paragraph means for the text. */
export interface ParagraphMeaning {
  /** The level of a heading: 1 is the widest, and the title of the document is wider. 0 for no heading. */
  readonly level: number;
  readonly isVerse: boolean;
  readonly isContents: boolean;
}

export const PLAIN: ParagraphMeaning = { level: 0, isVerse: false, isContents: false };
const TITLE_LEVEL = 0.5;

const CONTENTS = /^(?:toc|inhaltsverzeichnis|table of figures|index)\b/i;
const VERSE = /verse|poem|poetry|lyric|stanza/i;

/** Returns the meaning of each style, by its id. The ids of styles are translated, their names are not. */
export function stylesIn(
  bytes: Uint8Array | null,
  name: string,
): ReadonlyMap<string, ParagraphMeaning> {
  if (!bytes) return new Map();
  const styles = elementsCalled(parseXml(bytes, name), "style");
  const known = new Map<string, ParagraphMeaning>();
  for (const style of styles) {
    const [named] = childrenCalled(style, "name");
    const [outline] = elementsCalled(style, "outlineLvl");
    const id = attributeOf(style, "styleId") ?? "";
    const title = named ? (attributeOf(named, "val") ?? "") : "";
    const level = outline ? outlineLevel(attributeOf(outline, "val")) : 0;
    known.set(id, meaningOf(title, level));
  }
  return known;
}

/** Word counts the levels of an outline from 0, and 9 is the text. */
export function outlineLevel(value: string | undefined): number {
  const level = Number.parseInt(value ?? "", 10);
  return level >= 0 && level < 9 ? level + 1 : 0;
}

function meaningOf(name: string, outline: number): ParagraphMeaning {
  const [, level] = /^heading\s*([1-9])$/i.exec(name) ?? [];
  const isContents = CONTENTS.test(name);
  if (isContents) return { ...PLAIN, isContents };
  if (/^title$/i.test(name)) return { ...PLAIN, level: TITLE_LEVEL };
  return { level: level ? Number(level) : outline, isVerse: VERSE.test(name), isContents };
}
