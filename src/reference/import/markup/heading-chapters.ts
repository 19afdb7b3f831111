import type { ChapterHeading } from "../../reading/chapters/chapters.js";
import { nameOf } from "../titles.js";
import type { Heading } from "./text-writer.js";

/** Narrower headings divide a chapter. */
const NARROWEST = 3;

/** What the headings of a document say. */
export interface HeadingFacts {
  /** The heading that is the title of the whole document. */
  readonly title: string | null;
  /** Null if the headings give no chapters. */
  readonly chapters: readonly ChapterHeading[] | null;
}

/**
 * Makes chapters of the headings of a document. The only heading of the widest level is the title of the
 * document if it comes first, and no chapter. Headings without text between them are one chapter.
 */
export function headingChapters(all: readonly Heading[]): HeadingFacts {
  const headings = all.filter(({ level }) => level <= NARROWEST);
  const [first, ...rest] = headings;
  if (!first) return { title: null, chapters: null };
  const isTitle = rest.every(({ level }) => level > first.level);
  const chapters = joined(isTitle ? rest : headings);
  return {
    title: isTitle ? nameOf(first.title) : null,
    chapters: chapters.length > 0 ? chapters : null,
  };
}

function joined(headings: readonly Heading[]): readonly ChapterHeading[] {
  const chapters: ChapterHeading[] = [];
  let open: Heading[] = [];
  const close = (): void => {
    const [widest] = open;
    const title = nameOf(open.map((each) => each.title).join(": "));
    if (widest && title !== null) chapters.push({ title, start: widest.start });
  };
  for (const heading of headings) {
    if (open.at(-1)?.paragraph !== heading.paragraph - 1) {
      close();
      open = [];
    }
    open = [...open.filter(({ level }) => level < heading.level), heading];
  }
  close();
  return chapters;
}
