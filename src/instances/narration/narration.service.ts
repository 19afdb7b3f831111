import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import type { VoiceCatalogue } from "../../providers/speech/speech.port.js";
import { type AnalysisEntity, type StoryEntity, analysisStore } from "../../reference/index.js";
import { userStore } from "../../platform/users/user.store.js";
import { type IdempotentRequest, runIdempotently } from "../idempotency/run-idempotently.js";
import { legacySoundStore } from "../legacy-sound/legacy-sound.store.js";
import type { Owner } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import {
  type NarrationInput,
  type SegmentEdit,
  applyCastChoices,
  charactersIn,
  checkEdits,
  checkNarration,
  refuseUnknownCharacters,
  requireVoice,
  speakersIn,
} from "./narration-input.js";
import {
  deliveryOf,
  findAnalysis,
  narratorIn,
  narratorOf,
  storeChanges,
} from "./narration-changes.js";
import { type RendersUnderWay, deleteLocked } from "./delete-narration.js";
import { type NarrationAt, lockIdle, lockNarration } from "./narration-lock.js";
import type { NarrationEntity } from "./narration.entity.js";
import { requireNarratableStory } from "./narratable-story.js";
import { narrationStore } from "./narration.store.js";
import { pendingScriptStore } from "./script/pending-script.store.js";
import { refuseMissing, refuseStrangeEdits } from "./script/check-edits.js";
import { editScript } from "./script/edit-script.js";
import { combineHashes } from "./script/script-hash.js";
import type { ScriptWriter } from "./script/script-writer.js";
import { scriptStore } from "./script/script.store.js";
import type { CastMember, NamedVoice } from "./voices/cast.js";
import { chosenVoices } from "./voices/chosen-voices.js";
import { emotionsIn, refuseUnknownEmotions } from "./voices/known-emotions.js";

export type NewNarration = NarrationInput & { readonly storyId: number };

/** Creates, changes and deletes narrations. Every method takes the owner first. */
export class NarrationService {
  constructor(
    private readonly use: {
      readonly database: Database;
      readonly voices: VoiceCatalogue;
      readonly clock: Clock;
      readonly scripts: ScriptWriter;
      readonly renders: RendersUnderWay;
      /** Requests the analysis of a story's text, if the analysis failed or was never requested. */
      readonly requestAnalysis: (tx: Tx, story: StoryEntity) => Promise<void>;
      readonly sweepSoon: SweepSoon;
    },
  ) {}

  /**
   * Creates a narration of a public story. If the analysis is not ready yet, the transaction that
   * stores the analysis also writes the script.
   */
  async create(
    owner: Owner,
    input: NewNarration,
    request?: IdempotentRequest,
    problems = new InputProblems(),
  ): Promise<NarrationEntity> {
    const now = this.use.clock.now();
    return this.use.database.write(owner.userId, (tx) =>
      runIdempotently({ tx, owner, now }, request, {
        make: () => this.insertNarration(tx, owner, input, problems),
        reread: async (id) => (await narrationStore.byIds(tx, owner, [id]))[0],
      }),
    );
  }

  private async insertNarration(
    tx: Tx,
    owner: Owner,
    { storyId, ...input }: NewNarration,
    problems: InputProblems,
  ): Promise<NarrationEntity> {
    const voices = await chosenVoices(this.use, owner, [input.narratorVoice], tx);
    const narratorVoice = input.narratorVoice ?? voices.defaultVoice;
    const checked = checkNarration({ ...input, narratorVoice }, voices, problems);
    const { title = null, narrator, voiceModifications = {} } = checked;
    await refuseUnknownEmotions(tx, emotionsIn(input), problems);
    const story = await problems.before(() => requireNarratableStory(tx, storyId, ["storyId"]));
    // A transaction that is storing the analysis waits before its last step until this transaction ends. The
    // last step writes the script if this transaction found no analysis and put the narration on the list.
    const analysis = await findReadyAnalysis(tx, story);
    const named = charactersIn(input);
    refuseUnknownCharacters(named, analysis?.characters ?? [], problems);
    problems.refuse();
    const voice = narrator ?? requireVoice(voices, narratorVoice, ["narratorVoice"]);
    const narration = await narrationStore.insert(tx, owner, {
      ...{ referenceStoryId: story.id, title, voiceModifications },
      ...narratorOf(voice),
      ...(analysis ? this.use.scripts.scriptOf(analysis, voice) : {}),
    });
    if (analysis) {
      await this.use.scripts.copySegments(tx, owner, narration, analysis);
    } else {
      await pendingScriptStore.add(tx, owner, narration.id, story.id);
      await this.use.requestAnalysis(tx, story);
    }
    return narration;
  }

  /**
   * Changes the title, voices or modifications. If a member is absent from the input, its stored value
   * stays. An input that changes nothing keeps the version.
   * @param problems what the caller found wrong with the input already
   */
  async update(
    owner: Owner,
    at: NarrationAt,
    input: NarrationInput,
    problems = new InputProblems(),
  ): Promise<NarrationEntity> {
    const chosen = (input.cast ?? []).map((choice) => choice.voice);
    const voices = await chosenVoices(this.use, owner, [input.narratorVoice, ...chosen]);
    const { title, cast, ...checked } = checkNarration(input, voices, problems);
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await problems.before(() => lockIdle(tx, owner, at));
      const isKept = checked.narrator?.id === narration.narratorVoice;
      const narrator = isKept ? null : checked.narrator;
      const named = charactersIn(input);
      const isRecast = narrator !== null || cast.some(({ voice }) => voice === null);
      const analysis = isRecast || named.length > 0 ? await findAnalysis(tx, narration) : null;
      refuseUnknownCharacters(named, analysis?.characters ?? [], problems);
      await refuseUnknownEmotions(tx, emotionsIn(input), problems, narration.voiceModifications);
      const delivery = deliveryOf(narration, checked, problems);
      const members = this.use.scripts.recastForNarrator(narration, analysis, narrator);
      const automatic = this.automaticCast(analysis, checked.narrator ?? narratorIn(narration));
      const voiceCast = applyCastChoices(members, cast, { voices, automatic, problems });
      problems.refuse();
      return storeChanges(tx, owner, narration, {
        title,
        delivery: { ...delivery, ...(narrator ? narratorOf(narrator) : {}), voiceCast },
      });
    });
  }

  private automaticCast(
    analysis: AnalysisEntity | null,
    narrator: NamedVoice,
  ): readonly CastMember[] {
    return this.use.scripts.recastForNarrator({ voiceCast: [] }, analysis, narrator);
  }

  /**
   * Changes single segments of the script. If one edit fails, no segment changes.
   * @param problems what the caller found wrong with the input already
   */
  async updateSegments(
    owner: Owner,
    at: NarrationAt,
    edits: readonly SegmentEdit[],
    problems = new InputProblems(),
  ): Promise<NarrationEntity> {
    const voices = await chosenVoices(
      this.use,
      owner,
      edits.map(({ voice }) => voice),
    );
    const checked = checkEdits(edits, voices, problems);
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await problems.before(() => lockIdle(tx, owner, at));
      if (edits.some(({ speakerId }) => speakerId)) {
        const analysis = await findAnalysis(tx, narration);
        refuseUnknownCharacters(speakersIn(edits), analysis?.characters ?? [], problems);
      }
      await refuseStrangeEdits(tx, narration, edits, problems);
      refuseMissing(narration, edits, problems, ({ index }) => index >= narration.segmentCount);
      problems.refuse();
      const { missing, isChanged, hashChange } = await editScript(tx, owner, narration, checked);
      refuseMissing(narration, edits, problems, ({ index }) => missing.includes(index));
      problems.refuse();
      if (!isChanged) return narration;
      const { scriptHash } = narration;
      return narrationStore.update(tx, owner, narration, {
        scriptHash: scriptHash
          ? combineHashes([scriptHash, hashChange])
          : await scriptStore.hash(tx, owner, narration.id),
      });
    });
  }

  /**
   * Deletes the narration, its script, its edition, and the files of the legacy platform that no other
   * row needs. A render under way ends first, because only the
   * render's row knows which characters of paid speech to give back.
   */
  async delete(owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      // Of two deletions at once, the second one sees which files the first one left unused.
      await userStore.lock(tx, owner.userId);
      const narration = await lockNarration(tx, owner, at);
      await deleteLocked(tx, owner, narration, this.use);
      await legacySoundStore.removeUnused(tx, owner);
      return narration;
    });
  }
}

/** Returns null also for an analysis of the legacy platform, which has no segments to make a script from. */
async function findReadyAnalysis(tx: Tx, story: StoryEntity): Promise<AnalysisEntity | null> {
  if (story.contentHash === null) return null;
  const text = { contentHash: story.contentHash, language: story.language };
  await analysisStore.lockText(tx, text);
  const [current] = await analysisStore.currentByText(tx, [text]);
  return current?.ready && current.ready.segmentCount > 0 ? current.ready : null;
}
