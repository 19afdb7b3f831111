import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { InputProblems } from "../../../platform/input/input-problems.js";
import { userStore } from "../../../platform/users/user.store.js";
import type { VoiceCatalogue } from "../../../providers/speech/speech.port.js";
import {
  type AnalysisEntity,
  type StoryEntity,
  analysisStore,
  editionStore,
} from "../../../reference/index.js";
import { type IdempotentRequest, runIdempotently } from "../../idempotency/run-idempotently.js";
import type { Owner } from "../../owner.js";
import { OfferedVoices } from "../../personal-voice/offered-voices.js";
import { personalVoiceStore } from "../../personal-voice/personal-voice.store.js";
import { requireNarratableStory } from "../narratable-story.js";
import { checkNarration, requireVoice } from "../narration-input.js";
import { type WholeNarration, isOwn, titleOf } from "../narration-view.js";
import type { NarrationEntity } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import type { ScriptWriter } from "../script/script-writer.js";
import { scriptStore } from "../script/script.store.js";
import { forkScriptStore } from "./fork-script.store.js";
import { type ForkSource, explainPartialCopy, findForkable } from "./fork-source.js";
import { type ForkVoices, forkVoices } from "./fork-voices.js";
import { type ForkedFrom, lineageOf } from "./lineage.js";

export interface NewFork {
  readonly source: ForkSource;
  /** Without a title, the copy has the title of its parent. */
  readonly title?: string | null | undefined;
}

/** Copies narrations that a person may read into narrations of that person. */
export class ForkingService {
  constructor(
    private readonly use: {
      readonly database: Database;
      readonly clock: Clock;
      readonly voices: VoiceCatalogue;
      readonly scripts: ScriptWriter;
    },
  ) {}

  /**
   * Copies the script, the cast and the delivery of a narration: the owner's present state, or what everyone
   * else may read. Copies no sound and no personal voice. The copy names its parent, also after the parent is
   * gone.
   * @throws NotFoundError if the owner may not read the narration, or no longer
   * @throws ConflictError if the story takes no new narrations
   */
  async fork(
    owner: Owner,
    fork: NewFork,
    request?: IdempotentRequest,
    problems = new InputProblems(),
  ): Promise<NarrationEntity> {
    const now = this.use.clock.now();
    const { source } = fork;
    const shareTokenHashes = "shareTokenHash" in source ? [source.shareTokenHash] : [];
    return this.use.database.write({ viewer: owner.userId, shareTokenHashes }, (tx) =>
      runIdempotently({ tx, owner, now }, request, {
        make: () => this.insertFork(tx, owner, fork, problems),
        reread: async (id) => (await narrationStore.byIds(tx, owner, [id]))[0],
      }),
    );
  }

  private async insertFork(
    tx: Tx,
    owner: Owner,
    { source, title: wanted }: NewFork,
    problems: InputProblems,
  ): Promise<NarrationEntity> {
    const offered = new OfferedVoices(this.use.voices, []);
    const { title } = checkNarration({ title: wanted }, offered, problems);
    const parent = await problems.before(() => findForkable(tx, owner, source));
    const story = await requireNarratableStory(tx, parent.referenceStoryId, ["id"]);
    problems.refuse();
    const [analysis = null] = await analysisStore.byIds(tx, [parent.analysisId ?? 0]);
    const voices = await this.voicesOf(tx, owner, parent, { analysis, offered });
    const { narrator, voiceCast, replacedVoices } = voices;
    const fork = await narrationStore.insert(tx, owner, {
      referenceStoryId: parent.referenceStoryId,
      analysisId: analysis?.id ?? null,
      segmentCount: parent.segmentCount,
      title: title ?? parent.title,
      voiceModifications: parent.voiceModifications,
      narratorVoice: narrator.id,
      narratorVoiceName: narrator.displayName,
      narratorVoiceType: narrator.type,
      voiceCast: [...voiceCast],
      forkedFrom: { ...(await this.lineageOf(tx, parent, story)), replacedVoices },
    });
    const copied = await copyScript(tx, owner, parent, { narrationId: fork.id, ...voices });
    if (copied !== parent.segmentCount) throw await explainPartialCopy(tx, parent, source);
    const scriptHash = await scriptStore.hash(tx, owner, fork.id);
    return narrationStore.setByServer(tx, owner, fork.id, { scriptHash });
  }

  private async voicesOf(
    tx: Tx,
    owner: Owner,
    parent: WholeNarration,
    { analysis, offered }: { analysis: AnalysisEntity | null; offered: OfferedVoices },
  ): Promise<ForkVoices> {
    const segmentVoices = isOwn(parent)
      ? await scriptStore.voices(tx, owner, parent.id)
      : await editionStore.segmentVoices(tx, parent.id);
    const own = isOwn(parent) ? await personalVoiceStore.all(tx, owner, this.use.clock.now()) : [];
    const published = parent.published?.voices ?? [];
    return forkVoices(parent, {
      ...{ segmentVoices, analysis, scripts: this.use.scripts },
      find: (voice) => offered.find(voice),
      defaultVoice: requireVoice(offered, offered.defaultVoice, ["id"]),
      nameOf: (voice) =>
        own.find(({ id }) => id === voice)?.displayName ??
        published.find((each) => each.voice === voice)?.displayName ??
        null,
    });
  }

  private async lineageOf(
    tx: Tx,
    parent: WholeNarration,
    story: StoryEntity,
  ): Promise<Omit<ForkedFrom, "replacedVoices">> {
    const narrator = await userStore.evenErased(tx, parent.userId);
    const credit = {
      narrationId: parent.id,
      narratorId: narrator?.publicId ?? "",
      narratorName: narrator?.displayName ?? null,
      title: titleOf(parent, story.title),
      forkedAt: this.use.clock.now().toISOString(),
    };
    return lineageOf(credit, parent.forkedFrom);
  }
}

const copyScript = (
  tx: Tx,
  owner: Owner,
  parent: WholeNarration,
  { narrationId, keptVoices }: Pick<ForkVoices, "keptVoices"> & { readonly narrationId: string },
): Promise<number> => {
  if (isOwn(parent)) {
    return forkScriptStore.copyOwn(tx, owner, { narrationId, keptVoices, parentId: parent.id });
  }
  const { userId, id, version: edition, analysisId } = parent;
  const from = { userId, narrationId: id, edition, analysisId };
  return forkScriptStore.copyEdition(tx, owner, { narrationId, keptVoices, parent: from });
};
