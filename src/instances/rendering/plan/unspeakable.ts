import { ConflictError } from "../../../platform/errors.js";
import { type NarrationEntity, nameOf } from "../../narration/narration.entity.js";
import type { PlannedSegment } from "./plan.js";

type CheckedSegment = Pick<PlannedSegment, "unspeakable"> & {
  readonly line: { readonly position: number; readonly text: string };
};

/** At least this share of a narration's letters must be spoken. The other segments can be silent. */
const LEAST_SPOKEN_SHARE = 0.5;

/**
 * Returns the reason why most of a script cannot be spoken, as a sentence for people. Returns null if at
 * least half of the letters can be spoken, because a few foreign lines must not stop a book.
 */
export function explainMostlyUnspeakable(segments: readonly CheckedSegment[]): string | null {
  const silent = segments.filter(({ unspeakable }) => unspeakable !== null);
  const [first] = silent;
  if (!first || lettersOf(silent) <= lettersOf(segments) * (1 - LEAST_SPOKEN_SHARE)) return null;
  return `${silent.length} of ${segments.length} segments cannot be spoken. Segment ${first.line.position}: ${first.unspeakable}`;
}

/** @throws ConflictError if most of the script cannot be spoken */
export function refuseMostlyUnspeakable(
  segments: readonly PlannedSegment[],
  narration: NarrationEntity,
): void {
  const reason = explainMostlyUnspeakable(segments);
  if (reason !== null) {
    throw new ConflictError(`Most of ${nameOf(narration)} is unspeakable. ${reason}`, narration);
  }
}

const lettersOf = (segments: readonly CheckedSegment[]): number =>
  segments.reduce((sum, { line }) => sum + line.text.length, 0);
