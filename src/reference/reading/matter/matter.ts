import { type ApparatusSpan, ClearedText } from "../span.js";
import { findBracketNotes } from "./brackets/bracket-notes.js";
import { findFootnotes } from "./footnotes/footnotes.js";
import { findNumberedNotes } from "./footnotes/numbered-notes.js";
import { findFrontMatter } from "./front/front-matter.js";
import { joinSentences } from "./joins.js";
import { findLicences } from "./licence/licence.js";
import { findWideGaps } from "./scene-breaks/wide-gaps.js";
import { findSignLines } from "./scene-breaks/sign-lines.js";
import { disjoint } from "./spans.js";

const LETTER = /[\p{L}\p{N}]/u;

/** Finds spans in a text, and sees what the steps before have found. */
type Step = (text: string, before: readonly ApparatusSpan[]) => readonly ApparatusSpan[];

/** Each step reads the text that the steps before have cleared. */
const STEPS: readonly Step[] = [
  findWideGaps,
  findLicences,
  findBracketNotes,
  findFrontMatter,
  findNumberedNotes,
  findFootnotes,
  findSignLines,
];

/**
 * Finds what editors, publishers and transcribers have added to a story. A step that would leave no letter and
 * no digit finds nothing.
 */
export function findMatter(text: string): readonly ApparatusSpan[] {
  let cleared = new ClearedText(text);
  for (const find of STEPS) {
    const { text: left } = cleared.clear;
    const next = cleared.without(joinSentences(left, disjoint(find(left, cleared.spans))));
    if (LETTER.test(next.clear.text)) cleared = next;
  }
  return cleared.spans;
}
