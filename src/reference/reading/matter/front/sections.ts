import type { Block } from "../blocks.js";

interface Section {
  readonly heading: RegExp;
  /** Words that show the kind of book. */
  readonly words: RegExp;
  /** True if the section goes on to the end of the text. */
  readonly isLast?: true;
}

/** Sections that only one kind of electronic book has. */
const SECTIONS: readonly Section[] = [
  { heading: /^[#\s]{0,4}(?:imprint|titlepage)$/i, words: /standard ?ebooks|\bebook\b/i },
  {
    heading: /^[#\s]{0,4}(?:colophon|uncopyright)$/i,
    words: /standard ?ebooks|\bebooks?\b/i,
    isLast: true,
  },
  {
    heading: /^[#\s]{0,4}about this digital edition$/i,
    words: /wikisource/i,
    isLast: true,
  },
];
const CHAPTER = /^[\W_]{0,6}(?:chapter|book|part|act|volume) [\divxlc]+\b/i;
/** The words that show the kind of book stand in one of the first paragraphs. */
const LOOK = 3;
const MOST_BLOCKS = 40;
const LONGEST_HEADING = 40;

/** Finds the imprint and the colophon of an electronic book. A colophon goes on to the end of the text. */
export function findSections(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block, at) => {
    if (block.text.length > LONGEST_HEADING) return [];
    const section = SECTIONS.find(({ heading }) => heading.test(block.text));
    return section === undefined ? [] : blocksOfSection(blocks, at, section);
  });
}

function blocksOfSection(
  blocks: readonly Block[],
  at: number,
  { words, isLast }: Section,
): readonly Block[] {
  const first = blocks.slice(at + 1, at + 1 + LOOK);
  if (!first.some(({ text }) => words.test(text))) return [];
  const isColophon = isLast === true && at > blocks.length / 2;
  const rest = blocks.slice(at + 1, at + 1 + MOST_BLOCKS);
  const end = rest.findIndex(({ text }) => (isColophon ? CHAPTER.test(text) : !words.test(text)));
  return [...blocks.slice(at, at + 1), ...(end === -1 ? rest : rest.slice(0, end))];
}
