import type { Tx } from "../../../platform/database/transactions/database.js";
import type { InputProblems } from "../../../platform/input/input-problems.js";
import { emotionKeyOf } from "../../../reference/index.js";
import { ownerOf } from "../../owner.js";
import type { SegmentEdit } from "../narration-input.js";
import { type NarrationEntity, nameOf } from "../narration.entity.js";
import { refuseUnknownEmotions, strangeEmotions } from "../voices/known-emotions.js";
import { scriptStore } from "./script.store.js";

const isSameEmotion = (one: string, other: string | null | undefined): boolean =>
  emotionKeyOf(one) === emotionKeyOf(other ?? "");

/** Finds the edits to an unknown emotion that the segment does not have already. */
export async function refuseStrangeEdits(
  tx: Tx,
  { userId, id: narrationId }: NarrationEntity,
  edits: readonly SegmentEdit[],
  problems: InputProblems,
): Promise<void> {
  const named = edits.map(({ index, emotion }, at) => ({
    ...{ index, emotion, path: ["edits", String(at), "emotion"] },
  }));
  const strange = named.filter((each) => strangeEmotions([each]).length > 0);
  if (strange.length === 0) return;
  const places = strange.map(({ index: position }) => ({ narrationId, position }));
  const segments = await scriptStore.segmentsAt(tx, ownerOf(userId), places);
  const isKept = ({ index, emotion }: (typeof strange)[number]) =>
    segments.some((each) => each.position === index && isSameEmotion(each.emotion, emotion));
  await refuseUnknownEmotions(
    tx,
    strange.filter((each) => !isKept(each)),
    problems,
  );
}

/** Finds the edits of segments that the script does not have, and the resets of segments that are not of the story. */
export function refuseMissing(
  narration: NarrationEntity,
  edits: readonly SegmentEdit[],
  problems: InputProblems,
  isMissing: (edit: SegmentEdit) => boolean,
): void {
  for (const [at, edit] of edits.entries()) {
    const path = ["edits", String(at), "index"];
    if (!isMissing(edit) || !problems.isClean(path)) continue;
    const { index } = edit;
    problems.add(
      index < narration.segmentCount
        ? `Segment ${index} of ${nameOf(narration, "this narration")} cannot be reset: it was inserted, or it is a part of a split segment. Join the parts before the reset.`
        : `${nameOf(narration)} has no segment ${index}; its script has ${narration.segmentCount}.`,
      path,
    );
  }
}
