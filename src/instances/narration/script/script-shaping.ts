import type { Tx } from "../../../platform/database/transactions/database.js";
import { ConflictError } from "../../../platform/errors.js";
import { InputProblems } from "../../../platform/input/input-problems.js";
import type { Owner } from "../../owner.js";
import { refuseUnknownCharacters } from "../narration-input.js";
import { type NarrationAt, lockIdle } from "../narration-lock.js";
import { type NarrationEntity, nameOf } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import { type VoiceSources, chosenVoices } from "../voices/chosen-voices.js";
import { refuseUnknownEmotions } from "../voices/known-emotions.js";
import { type SegmentDraft, checkNewSegments, newEmotions, newSpeakers } from "./new-segments.js";
import { type Reshape, reshapeStore } from "./reshape.store.js";
import { findAnalysis } from "../narration-changes.js";
import { pendingScriptStore } from "./pending-script.store.js";
import { combineHashes } from "./script-hash.js";
import { type ShapeChange, movedPosition, neededPositions, reshapeOf } from "./script-shapes.js";
import { scriptStore } from "./script.store.js";

/**
 * Adds, splits, joins and removes segments of scripts. All other segments keep their sound. Every method takes the
 * owner first, and refuses a narration that renders.
 */
export class ScriptShaping {
  constructor(private readonly use: VoiceSources) {}

  /**
   * Inserts segments behind a position; -1 is the start of the script.
   * @param problems what the caller found wrong with the input already
   */
  async insert(
    owner: Owner,
    at: NarrationAt,
    { after, segments }: { readonly after: number; readonly segments: readonly SegmentDraft[] },
    problems = new InputProblems(),
  ): Promise<NarrationEntity> {
    const voices = await chosenVoices(
      this.use,
      owner,
      segments.map(({ voice }) => voice),
    );
    const checked = checkNewSegments(segments, voices, problems);
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await problems.before(() => lockWritten(tx, owner, at));
      const speakers = newSpeakers(segments);
      if (speakers.some(({ id }) => typeof id === "string")) {
        const analysis = await findAnalysis(tx, narration);
        refuseUnknownCharacters(speakers, analysis?.characters ?? [], problems);
      }
      await refuseUnknownEmotions(tx, newEmotions(segments), problems);
      const insert = { after, segments: checked };
      return changeShape({ tx, owner, problems }, narration, { insert });
    });
  }

  /** Splits or joins segments, or removes some. */
  change(
    owner: Owner,
    at: NarrationAt,
    change: Exclude<ShapeChange, { insert: unknown }>,
    problems = new InputProblems(),
  ): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await problems.before(() => lockWritten(tx, owner, at));
      return changeShape({ tx, owner, problems }, narration, change);
    });
  }
}

/**
 * Locks a narration whose script may get another shape.
 * @throws ConflictError also if the narration waits for its script. With segments of its own, the narration
 * would never get the story's.
 */
async function lockWritten(tx: Tx, owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
  const narration = await lockIdle(tx, owner, at);
  if (narration.segmentCount > 0) return narration;
  const waiting = await pendingScriptStore.byNarrations(tx, owner, [narration.id]);
  if (waiting.length === 0) return narration;
  throw new ConflictError(
    `${nameOf(narration)} has no script yet; change the script when its story's analysis is ready.`,
    narration,
  );
}

interface Work {
  readonly tx: Tx;
  readonly owner: Owner;
  readonly problems: InputProblems;
}

async function changeShape(
  { tx, owner, problems }: Work,
  narration: NarrationEntity,
  change: ShapeChange,
): Promise<NarrationEntity> {
  const { id, segmentCount, scriptHash } = narration;
  const places = neededPositions(change).map((position) => ({ narrationId: id, position }));
  const rows = places.length > 0 ? await scriptStore.segmentsAt(tx, owner, places) : [];
  const reshape = reshapeOf(change, narration, { rows, problems });
  problems.refuse();
  const hashChange = await reshapeStore.reshape(tx, owner, narration, reshape);
  return narrationStore.update(tx, owner, narration, {
    segmentCount: segmentCount - reshape.removed.length + reshape.added.length,
    failure: movedFailure(narration, reshape),
    scriptHash: scriptHash
      ? combineHashes([scriptHash, hashChange])
      : await scriptStore.hash(tx, owner, id),
  });
}

/** Returns the failure of the last render, with the position that its segment has now. */
function movedFailure({ failure }: NarrationEntity, reshape: Reshape): object | null {
  if (failure === null) return null;
  const { position }: { readonly position?: unknown } = failure;
  return typeof position === "number"
    ? { ...failure, position: movedPosition(position, reshape) }
    : failure;
}
