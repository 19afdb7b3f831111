import type { AnalysedLine } from "../../../reference/index.js";
import type { NarrationSegmentEntity } from "../narration.entity.js";

/** A line of a story, as its analysis has it. */
export type StoryLine = AnalysedLine;

/** A line of a script, with its sound in the last render. */
export type ScriptRow = Omit<NarrationSegmentEntity, "userId" | "narrationId" | "startMs">;

/** Lines of a script that belong together, wherever they go. */
export interface ScriptUnit {
  /**
   * The lines of the story that the unit tells, in order: several if the owner joined lines. Empty for lines
   * that the owner inserted.
   */
  readonly tells: readonly StoryLine[];
  /** The lines of the script: several if the owner split a line. Empty if the owner deleted the line. */
  readonly rows: readonly ScriptRow[];
}

/** The texts of lines are compared without regard to spaces. */
export const comparedText = (text: string): string =>
  text.normalize("NFC").replaceAll(/\s+/gu, " ").trim();

/** Returns the units of a script in its order. The deleted lines of the story come last. */
export function unitsOf(
  rows: readonly ScriptRow[],
  story: readonly StoryLine[],
): readonly ScriptUnit[] {
  const lines = new Map(story.map((line) => [line.position, line]));
  const groups = groupRows(rows, lines);
  const told = new Set(groups.flatMap(({ line }) => line ?? []));
  const missing = new Set(story.filter((line) => !told.has(line)));
  const units = groups.map(({ line, rows: own }) => ({
    tells: line ? [line, ...joinedTo(line, own, { lines, missing })] : [],
    rows: own,
  }));
  return [...units, ...[...missing].map((line) => ({ tells: [line], rows: [] }))];
}

interface RowGroup {
  readonly line: StoryLine | undefined;
  readonly rows: ScriptRow[];
}

/** Groups the parts of split lines, with the lines that were inserted between the parts. */
function groupRows(
  rows: readonly ScriptRow[],
  lines: ReadonlyMap<number, StoryLine>,
): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  let told: RowGroup | undefined;
  for (const row of rows) {
    const line = row.storyPosition === null ? undefined : lines.get(row.storyPosition);
    if (line && told?.line === line) {
      const inserted = groups.splice(groups.lastIndexOf(told) + 1);
      told.rows.push(...inserted.flatMap((group) => group.rows), row);
      continue;
    }
    const group = { line, rows: [row] };
    groups.push(group);
    if (line) told = group;
  }
  return groups;
}

/** Takes the lines of the story that follow a line, have no row, and are in the text of this line's rows. */
function joinedTo(
  line: StoryLine,
  rows: readonly ScriptRow[],
  {
    lines,
    missing,
  }: { readonly lines: ReadonlyMap<number, StoryLine>; readonly missing: Set<StoryLine> },
): readonly StoryLine[] {
  const joined: StoryLine[] = [];
  let next = lines.get(line.position + 1);
  if (!next || !missing.has(next)) return joined;
  const text = comparedText(rows.map((row) => row.text).join(" "));
  if (text === comparedText(line.text)) return joined;
  while (next && missing.has(next) && text.includes(comparedText(next.text))) {
    missing.delete(next);
    joined.push(next);
    next = lines.get(next.position + 1);
  }
  return joined;
}
