import type { ChapterMark } from "../../../audio/files/timings.js";
import type { ChapterHeading } from "../../../reference/index.js";
import type { ScriptLine } from "./plan.js";

/**
 * Where the story's chapters begin in a script: each at the first line taken from behind its heading,
 * so that the owner's own lines leave them where they are. What is before the first has the narration's title.
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
