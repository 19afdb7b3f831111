import type { Paragraph } from "../layout/paragraphs.js";
import { headingIn, headingLine, HeadingStyle } from "./heading-lines.js";

/** Longer lines are lines of prose. */
const LONGEST = 80;
const SENTENCE_END = /[.!?…]["'”’»)*_]*\s*$/u;

type Line = readonly [start: number, end: number];

/**
 * Splits paragraphs at headings that have no blank line around them: a line such as "Chapter 2" at the start of a
 * paragraph, or below a line that ends a sentence. A paragraph that is a heading as a whole stays one.
 */
export function splitAtHeadings<P extends Paragraph & { readonly label: string | null }>(
  text: string,
  paragraphs: readonly P[],
): readonly P[] {
  const split = paragraphs.flatMap((paragraph) => {
    const { start, end, label } = paragraph;
    if (label !== null || !text.slice(start, end).includes("\n")) return [paragraph];
    return partsOf(text, paragraph).map((part) => ({ ...paragraph, ...part }));
  });
  return split.length === paragraphs.length
    ? paragraphs
    : split.map((paragraph, index) => ({ ...paragraph, index }));
}

function partsOf(
  text: string,
  { start, end }: Paragraph,
): readonly { start: number; end: number }[] {
  const lines = [...text.slice(start, end).matchAll(/[^\n]+/gu)].map<Line>(({ 0: line, index }) => [
    start + index,
    start + index + line.length,
  ]);
  const isLabel = lines.map((line) => isLabelLine(text, line));
  if (!isLabel.includes(true) || headingIn(text.slice(start, end)) !== null) {
    return [{ start, end }];
  }
  const starts = new Set([start]);
  for (const [index, [from]] of lines.entries()) {
    // Headings right below each other are a table of contents.
    const isAlone = isLabel[index - 1] !== true && isLabel[index + 1] !== true;
    if (isLabel[index] !== true || !isAlone || !endsSentence(text, lines[index - 1])) continue;
    starts.add(from).add(lines[index + 1]?.[0] ?? from);
  }
  return [...starts].flatMap((from, index, all) => {
    const part = text.slice(from, all[index + 1] ?? end);
    const ink = part.trim();
    const first = from + part.length - part.trimStart().length;
    return ink === "" ? [] : [{ start: first, end: first + ink.length }];
  });
}

function isLabelLine(text: string, [start, end]: Line): boolean {
  if (end - start > LONGEST) return false;
  const heading = headingLine(text.slice(start, end).trim());
  return heading?.style === HeadingStyle.Named && heading.number !== null;
}

/** True for a line that ends a sentence, and if there is no line. */
const endsSentence = (text: string, line: Line | undefined): boolean =>
  !line || SENTENCE_END.test(text.slice(Math.max(line[0], line[1] - LONGEST), line[1]));
