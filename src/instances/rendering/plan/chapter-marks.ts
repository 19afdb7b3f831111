import type { ChapterMark } from "../../../audio/files/timings.js";
import type { ChapterHeading } from "../../../reference/index.js";
import type { ScriptLine } from "./plan.js";

/**
 * Returns the chapters of a script, in order. A chapter begins at the first line whose story text is at
 * or after the chapter's heading. A line that the owner added has no story text, so it does not move a
 * chapter. A chapter without a line of its own is left out. The lines before the first heading are a chapter with
 * the narration's title.
 * @param headings in order
 */
export function chapterMarks(
  lines: readonly Pick<ScriptLine, "storyStart">[],
  headings: readonly ChapterHeading[],
  title: string,
): readonly ChapterMark[] {
  const marks: ChapterMark[] = [{ title, segment: 0 }];
  let segment = 0;
  for (const heading of headings) {
    while (segment < lines.length && (lines[segment]?.storyStart ?? -1) < heading.start)
      segment += 1;
    if (segment === lines.length) break;
    // Two headings at one line: the first of the two chapters has no line.
    if (marks.at(-1)?.segment === segment) marks.pop();
    marks.push({ title: heading.title, segment });
  }
  return marks;
}
