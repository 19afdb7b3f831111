import type { ChapterMark } from "../../../audio/files/timings.js";
import type { ChapterHeading } from "../../../reference/index.js";
import type { ScriptLine } from "./plan.js";

/**
 * Returns the chapters of a script, in order. A chapter begins at the first line whose story text is at
 * or after the chapter's heading. A line that the owner added has no story text, so it does not move a
 * chapter. The lines before the first heading are a chapter with the narration's title.
 */
export function chapterMarks(
  lines: readonly Pick<ScriptLine, "storyStart">[],
  headings: readonly ChapterHeading[],
  title: string,
): readonly ChapterMark[] {
  const marks = new Map<number, ChapterMark>([[0, { title, segment: 0 }]]);
  for (const heading of headings) {
    const segment = lines.findIndex(({ storyStart }) => (storyStart ?? -1) >= heading.start);
    if (segment >= 0) marks.set(segment, { title: heading.title, segment });
  }
  return [...marks.values()].sort((a, b) => a.segment - b.segment);
}
