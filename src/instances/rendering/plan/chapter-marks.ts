import type { ChapterMark } from "../../../audio/files/timings.js";
import type { ChapterHeading } from "../../../reference/index.js";
import type { ScriptLine } from "./plan.js";

/**
 * Finds where the story's chapters begin in a script. A chapter begins at the first line whose story text is
 * at or after its heading. The owner's own lines have no story text, so they move no chapter. The part before
 * the first heading has the narration's title.
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
