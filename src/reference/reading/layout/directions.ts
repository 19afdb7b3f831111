import type { TextRange } from "../../../platform/text/edited-text.js";
import type { LineTable } from "./line-table.js";

const BRACKETED = /\[[^[\]]{1,600}\]|\([^()]{1,300}\)/gu;
const FIRST_OR_SECOND_PERSON = /\b(?:I|my|me|mine|we|us|our|you|your|thee|thou|thy)\b/iu;
const MOST_WORDS = 16;
/** The stop of "NORA (aside). I know.", which stands behind the direction. */
const STOP = /^\s?[.:](?=\s)/u;

/**
 * Finds the stage directions inside the speech of a play: all square brackets, and parentheses that are short
 * and do not speak to anybody.
 */
export function findDirections(text: string, { start, end }: TextRange): readonly TextRange[] {
  const speech = text.slice(start, end);
  return Array.from(speech.matchAll(BRACKETED)).flatMap(({ 0: found, index }) => {
    if (!isDirection(found)) return [];
    const after = index + found.length;
    const [stop = ""] = index === 0 ? (STOP.exec(speech.slice(after, after + 3)) ?? []) : [];
    return { start: start + index, end: start + after + stop.length };
  });
}

const isDirection = (found: string): boolean =>
  found.startsWith("[") ||
  (!FIRST_OR_SECOND_PERSON.test(found) && found.split(/\s+/u).length <= MOST_WORDS);

/** A paragraph or a line that is a direction as a whole. */
export const DIRECTION_LINE =
  /^(?:\[[^[\]]*\]|\([^()]*\)|(?:enter|re-enter|exit|exeunt|curtain|act|scene)\b.*)$/iu;

export const isDirectionLine = (lines: LineTable, line: number): boolean =>
  DIRECTION_LINE.test(lines.text.slice(lines.start(line), lines.end(line)));
