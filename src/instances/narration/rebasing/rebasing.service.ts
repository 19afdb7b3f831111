import { createHash } from "node:crypto";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { ConflictError } from "../../../platform/errors.js";
import {
  type AnalysisEntity,
  type StoryEntity,
  analysisStore,
  nameOfStory,
  storyStore,
} from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import { type NarrationAt, lockIdle, lockNarration } from "../narration-lock.js";
import type { NarrationEntity } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import { combineHashes } from "../script/script-hash.js";
import type { ScriptWriter } from "../script/script-writer.js";
import { scriptStore } from "../script/script.store.js";
import type { CastMember } from "../voices/cast.js";
import { matchCharacters } from "./match-characters.js";
import { rebaseCast, rebaseModifications } from "./rebase-cast.js";
import type { RebasedRow } from "./rebase-row.js";
import { rebaseScript } from "./rebase-script.js";
import { rebasingStore } from "./rebasing.store.js";
import type { UnplacedEdit } from "./unplaced-edit.js";

/** What a rebase did, or would do. */
export interface Rebase {
  readonly narration: NarrationEntity;
  readonly placedEdits: number;
  /** The number of the script's segments that the earlier script did not have. */
  readonly newSegments: number;
  readonly unplaced: readonly UnplacedEdit[];
}

/** The script, cast and delivery that a narration gets, and what has no place in them. */
interface PlannedRebase extends Omit<Rebase, "narration"> {
  readonly rows: readonly RebasedRow[];
  readonly voiceCast: readonly CastMember[];
  readonly voiceModifications: NarrationEntity["voiceModifications"];
}

const NOTHING_NEW = { placedEdits: 0, newSegments: 0, unplaced: [] };

/** Lets narrations take up the text that their story has now. */
export class RebasingService {
  constructor(
    private readonly use: {
      readonly database: Database;
      readonly scripts: ScriptWriter;
      /** Requests the analysis of a story's text, if the analysis failed or was never requested. */
      readonly requestAnalysis: (tx: Tx, story: StoryEntity) => Promise<unknown>;
    },
  ) {}

  /**
   * Makes the script anew from the current analysis of the story's text. Keeps what the owner changed where the
   * text is the same, and stores the other changes as unplaced. A narration that has the current analysis stays
   * as it is. The sound and the edition stay, too.
   * @param isDryRun true to change nothing
   * @throws ConflictError while the narration renders, and until the new text is analysed
   */
  async rebase(owner: Owner, at: NarrationAt, isDryRun = false): Promise<Rebase> {
    const done = await this.use.database.write(owner.userId, async (tx) => {
      const narration = await lockIdle(tx, owner, at);
      const next = await findNext(tx, narration);
      if (next === null) return { ...NOTHING_NEW, narration };
      const { story, before, after } = next;
      if (after === null) {
        if (!isDryRun) await this.use.requestAnalysis(tx, story);
        return { narration, waitsFor: story };
      }
      const planned = await this.plan(tx, owner, { narration, before, after });
      if (isDryRun) return { ...planned, narration };
      return { ...planned, narration: await store(tx, owner, narration, { after, planned }) };
    });
    // Not inside the transaction: the request of the analysis is kept.
    if ("waitsFor" in done) throw notAnalysed(done.waitsFor, done.narration);
    const { narration, placedEdits, newSegments, unplaced } = done;
    return { narration, placedEdits, newSegments, unplaced };
  }

  /** Forgets the unplaced edits. */
  dismissUnplaced(owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await lockNarration(tx, owner, at);
      const stored = await rebasingStore.unplaced(tx, owner, [narration.id]);
      if (stored.length === 0) return narration;
      return narrationStore.update(tx, owner, narration, { unplacedEdits: null });
    });
  }

  private async plan(
    tx: Tx,
    owner: Owner,
    { narration, before, after }: NextScript & { readonly narration: NarrationEntity },
  ): Promise<PlannedRebase> {
    const characters = matchCharacters(before.characters, after.characters);
    const names = new Map(before.characters.map(({ id, canonicalName }) => [id, canonicalName]));
    const nameOf = (id: string) => names.get(id) ?? id;
    const script = rebaseScript({
      rows: await rebasingStore.script(tx, owner, narration.id),
      before: await analysisStore.lines(tx, before.id),
      after: await analysisStore.lines(tx, after.id),
      ...{ characters, nameOf },
    });
    const cast = rebaseCast(narration.voiceCast, characters, {
      keepsAutomatic: before.language === after.language,
    });
    const delivery = rebaseModifications(narration.voiceModifications, characters, nameOf);
    return {
      rows: script.rows,
      voiceCast: this.use.scripts.recastForAnalysis(after, narration, cast.kept),
      voiceModifications: delivery.modifications,
      placedEdits: script.placedEdits,
      newSegments: script.newLines,
      unplaced: [...script.unplaced, ...cast.unplaced, ...delivery.unplaced],
    };
  }
}

interface NextScript {
  readonly before: AnalysisEntity;
  readonly after: AnalysisEntity;
}

interface NextText {
  readonly story: StoryEntity;
  readonly before: AnalysisEntity;
  /** null until the story's text is analysed. */
  readonly after: AnalysisEntity | null;
}

/** Returns the analysis that a script must be made from now. Returns null if the script is up to date. */
async function findNext(
  tx: Tx,
  { referenceStoryId, analysisId }: NarrationEntity,
): Promise<NextText | null> {
  if (analysisId === null) return null;
  const [story] = await storyStore.byIds(tx, [referenceStoryId]);
  const [before] = await analysisStore.byIds(tx, [analysisId]);
  if (!story?.contentHash || !before) return null;
  const text = { contentHash: story.contentHash, language: story.language };
  const [current] = await analysisStore.currentByText(tx, [text]);
  const after = usable(current?.ready);
  const isUpToDate = after ? after.id === before.id : before.contentHash === story.contentHash;
  return isUpToDate ? null : { story, before, after };
}

/** An analysis of the earlier platform has no segments to make a script from. */
const usable = (analysis: AnalysisEntity | null | undefined): AnalysisEntity | null =>
  analysis && analysis.segmentCount > 0 ? analysis : null;

async function store(
  tx: Tx,
  owner: Owner,
  narration: NarrationEntity,
  { after, planned }: { readonly after: AnalysisEntity; readonly planned: PlannedRebase },
): Promise<NarrationEntity> {
  const { rows, voiceCast, voiceModifications, unplaced } = planned;
  const [stored] = await rebasingStore.unplaced(tx, owner, [narration.id]);
  await rebasingStore.write(tx, owner, narration.id, rows);
  const hash = await scriptStore.hash(tx, owner, narration.id);
  const unplacedEdits = [...(stored?.edits ?? []), ...unplaced];
  return narrationStore.update(tx, owner, narration, {
    analysisId: after.id,
    segmentCount: rows.length,
    // The joined sound is of another text, even if the rows are equal to those of an earlier render.
    scriptHash: hash && combineHashes([hash, hashOfRebase(narration)]),
    voiceCast: [...voiceCast],
    voiceModifications,
    unplacedEdits: unplacedEdits.length > 0 ? unplacedEdits : null,
  });
}

const hashOfRebase = ({ id, version }: NarrationEntity): string =>
  createHash("sha256").update(`rebase ${id} ${version}`).digest("hex");

const notAnalysed = (story: StoryEntity, narration: NarrationEntity): ConflictError =>
  new ConflictError(
    `The new text of ${nameOfStory(story)} is not analysed yet; wait until the story's analysisStatus is READY, then try again.`,
    narration,
  );
