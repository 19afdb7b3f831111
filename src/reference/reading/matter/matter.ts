import { type ApparatusSpan, ClearedText } from "../span.js";
import { findBracketNotes } from "./brackets/bracket-notes.js";
import { findLicences } from "./licence/licence.js";
import { findSceneBreaks } from "./scene-breaks.js";

const LETTER = /[\p{L}\p{N}]/u;

/** Each step reads the text that the steps before have cleared. */
const STEPS: readonly ((text: string) => readonly ApparatusSpan[])[] = [
  findLicences,
  findBracketNotes,
  findSceneBreaks,
];

/**
 * Finds what editors, publishers and transcribers have added to a story. A step that would leave no letter and
 * no digit finds nothing.
 */
export function findMatter(text: string): readonly ApparatusSpan[] {
  let cleared = new ClearedText(text);
  for (const find of STEPS) {
    const next = cleared.without(find(cleared.clear.text));
    if (LETTER.test(next.clear.text)) cleared = next;
  }
  return cleared.spans;
}
