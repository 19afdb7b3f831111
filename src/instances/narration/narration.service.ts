import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.js";
import { type Database, type Tx, runAsUser } from "../../platform/database/database.js";
import { ConflictError, InvalidInputError, NotFoundError } from "../../platform/errors.js";
import type { VoiceCatalogue } from "../../providers/speech/speech.port.js";
import {
  type AnalysisEntity,
  type StoryEntity,
  StoryVisibility,
  analysisStore,
  editionStore,
  storyStore,
} from "../../reference/index.js";
import { type IdempotentRequest, runIdempotently } from "../idempotency/run-idempotently.js";
import { type Owner, ownerOf } from "../owner.js";
import { type CastMember, castVoices } from "./cast.js";
import { editionOf } from "./edition-of.js";
import {
  type NarrationInput,
  type SegmentEdit,
  checkEdits,
  checkModifications,
  checkTitle,
  refuseUnknownCharacters,
  applyCastChoices,
  requireVoice,
} from "./narration-input.js";
import {
  NO_NARRATION,
  type NarrationEntity,
  NarrationVisibility,
  isUnderWay,
  nameOf,
} from "./narration.entity.js";
import { type NarrationValues, narrationStore } from "./narration.store.js";
import { pendingScriptStore } from "./pending-script.store.js";
import { scriptStore } from "./script.store.js";
import type { VoiceModifications } from "./voice-modifications.js";

export interface NarrationAt {
  readonly id: string;
  /** The version the owner read. */
  readonly version: number;
}

export type NewNarration = NarrationInput & { readonly storyId: number };

/** What publishing asks of rendering. */
export interface RenderedSound {
  /** Whether a narration's sound is what rendering it now would make. @throws ConflictError where a voice is gone */
  soundMatchesScript(tx: Tx, owner: Owner, narration: NarrationEntity): Promise<boolean>;
}

const SHARE_TOKEN_BYTES = 24;

/** The hash under which an edition can be found by its link. */
export const shareTokenHashOf = (token: string): string =>
  createHash("sha256").update(token).digest("hex");

/** What a person does with narrations. Every method takes the owner first. */
export class NarrationService {
  constructor(
    private readonly database: Database,
    private readonly voices: VoiceCatalogue,
    private readonly clock: Clock,
    private readonly sound: RenderedSound,
  ) {}

  /**
   * Makes a narration of a public story. Where the analysis is not ready yet, the script follows
   * in the transaction that stores it.
   */
  async create(
    owner: Owner,
    input: NewNarration,
    request?: IdempotentRequest,
  ): Promise<NarrationEntity> {
    const now = this.clock.now();
    return this.database.write(owner.userId, (tx) =>
      runIdempotently({ tx, owner, now }, request, {
        make: () => this.insertNarration(tx, owner, input),
        reread: async (id) => (await narrationStore.byIds(tx, owner, [id]))[0],
      }),
    );
  }

  private async insertNarration(
    tx: Tx,
    owner: Owner,
    input: NewNarration,
  ): Promise<NarrationEntity> {
    const voice = this.requireNarratorVoice(input.narratorVoice);
    const modifications = checkModifications(input.voiceModifications ?? {});
    const story = await requireNarratableStory(tx, input.storyId);
    const narration = await narrationStore.insert(tx, owner, {
      referenceStoryId: story.id,
      title: checkTitle(input.title) ?? null,
      narratorVoice: voice.id,
      narratorVoiceName: voice.displayName,
      narratorVoiceType: "ai",
      voiceModifications: modifications,
    });
    await pendingScriptStore.add(tx, owner, narration.id, story.id);
    // Held, so that an analysis finishing now either sees this narration waiting or is seen ready.
    const analysis = await findReadyAnalysis(tx, story);
    refuseUnknownCharacters(charactersIn(modifications), analysis?.characters ?? [], MODIFIED);
    if (!analysis) return narration;
    await pendingScriptStore.remove(tx, owner, narration.id);
    return this.writeScript(tx, owner, narration, analysis);
  }

  /** Changes title, voices or modifications; absent members stay as they are. */
  async update(owner: Owner, at: NarrationAt, input: NarrationInput): Promise<NarrationEntity> {
    const voice = input.narratorVoice ? this.requireNarratorVoice(input.narratorVoice) : null;
    const modifications = input.voiceModifications
      ? checkModifications(input.voiceModifications)
      : null;
    const title = checkTitle(input.title);
    return this.changeNarration(owner, at, async (tx, narration) => {
      refuseWhileRendering(narration);
      const analysis = await findAnalysis(tx, narration);
      refuseUnknownCharacters(charactersIn(modifications), analysis?.characters ?? [], MODIFIED);
      const cast =
        voice && analysis
          ? this.recastForNarrator(narration, analysis, voice.id)
          : narration.voiceCast;
      return narrationStore.update(tx, owner, narration, {
        ...(title === undefined ? {} : { title }),
        ...(voice ? { narratorVoice: voice.id, narratorVoiceName: voice.displayName } : {}),
        ...(modifications ? { voiceModifications: modifications } : {}),
        voiceCast: applyCastChoices(cast, input.cast ?? [], this.voices),
      });
    });
  }

  /** Changes single segments of the script, all or none. */
  async updateSegments(
    owner: Owner,
    at: NarrationAt,
    edits: readonly SegmentEdit[],
  ): Promise<NarrationEntity> {
    const checked = checkEdits(edits, this.voices);
    return this.changeNarration(owner, at, async (tx, narration) => {
      refuseWhileRendering(narration);
      const analysis = await findAnalysis(tx, narration);
      for (const [edit, { values }] of checked.entries()) {
        const path = ["edits", String(edit), "speakerId"];
        refuseUnknownCharacters([values?.speakerId], analysis?.characters ?? [], path);
      }
      for (const { index, values } of checked) {
        const place = { narrationId: narration.id, position: index };
        const done =
          values === null
            ? await scriptStore.reset(tx, owner, place, narration.analysisId ?? 0)
            : await scriptStore.update(tx, owner, place, values);
        if (!done) {
          throw new InvalidInputError(
            `${nameOf(narration)} has no segment ${index}; its script has ${narration.segmentCount}.`,
            ["edits"],
          );
        }
      }
      return narrationStore.update(tx, owner, narration, {
        scriptHash: await scriptStore.hash(tx, owner, narration.id),
      });
    });
  }

  /**
   * Writes an immutable edition that others can read; later changes show when it is published again.
   * @throws ConflictError while it renders, and where its sound is of another script: readers would hear
   *   other words than they read
   */
  async publish(
    owner: Owner,
    at: NarrationAt,
    visibility: Exclude<NarrationVisibility, "private">,
  ): Promise<NarrationEntity> {
    return this.changeNarration(owner, at, async (tx, narration) => {
      if (narration.segmentCount === 0) {
        throw new ConflictError(
          `${nameOf(narration)} has no script yet; publish it when its story's analysis is ready.`,
          narration,
        );
      }
      await this.requireSoundMatchesScript(tx, owner, narration);
      const published = await narrationStore.update(tx, owner, narration, {
        visibility,
        edition: narration.edition + 1,
        publishedAt: this.clock.now(),
        shareToken: visibility === NarrationVisibility.Unlisted ? shareTokenFor(narration) : null,
      });
      const analysis = await findAnalysis(tx, narration);
      await editionStore.replace(tx, editionOf(published, analysis, shareTokenHashOf));
      await scriptStore.copyToEdition(tx, owner, narration.id);
      return published;
    });
  }

  private async requireSoundMatchesScript(
    tx: Tx,
    owner: Owner,
    narration: NarrationEntity,
  ): Promise<void> {
    if (isUnderWay(narration.status)) {
      throw new ConflictError(
        `${nameOf(narration)} is rendering; publish it when that has ended, or cancel it first.`,
        narration,
      );
    }
    if (!narration.audio || (await this.sound.soundMatchesScript(tx, owner, narration))) return;
    throw new ConflictError(
      `${nameOf(narration)} changed after it was rendered; render it again, then publish.`,
      narration,
    );
  }

  /** Takes the edition back: from then on nobody but the owner reads the narration. */
  async unpublish(owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
    return this.changeNarration(owner, at, async (tx, narration) => {
      await editionStore.remove(tx, owner.userId, narration.id);
      return narrationStore.update(tx, owner, narration, {
        visibility: NarrationVisibility.Private,
        shareToken: null,
        publishedAt: null,
      });
    });
  }

  /** Deletes the narration, its script and its edition. */
  async delete(owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
    return this.changeNarration(owner, at, async (tx, narration) => {
      await editionStore.remove(tx, owner.userId, narration.id);
      await pendingScriptStore.remove(tx, owner, narration.id);
      await narrationStore.remove(tx, owner, narration.id);
      return narration;
    });
  }

  /** For the analysis: writes the scripts that waited for it, each as its owner. */
  async writePendingScripts(tx: Tx, analysis: AnalysisEntity): Promise<void> {
    for (const { userId, narrationId } of await pendingScriptStore.takeByText(tx, analysis)) {
      const owner = ownerOf(userId);
      await runAsUser(tx, userId, async () => {
        const narration = await narrationStore.lock(tx, owner, narrationId);
        if (narration) await this.writeScript(tx, owner, narration, analysis);
      });
    }
  }

  private async writeScript(
    tx: Tx,
    owner: Owner,
    narration: NarrationEntity,
    analysis: AnalysisEntity,
  ): Promise<NarrationEntity> {
    const segmentCount = await scriptStore.writeFromAnalysis(tx, owner, narration.id, analysis.id);
    const values: NarrationValues = {
      analysisId: analysis.id,
      segmentCount,
      scriptHash: await scriptStore.hash(tx, owner, narration.id),
      voiceCast: castVoices({
        characters: analysis.characters,
        voices: this.voices.voices,
        narratorVoice: narration.narratorVoice,
        language: analysis.language,
      }),
    };
    return narrationStore.update(tx, owner, narration, values);
  }

  /** The automatic cast for another narrator's voice; what the owner chose stays. */
  private recastForNarrator(
    { voiceCast }: NarrationEntity,
    { characters, language }: AnalysisEntity,
    narratorVoice: string,
  ): readonly CastMember[] {
    const chosen = new Map(
      voiceCast.filter((member) => !member.isAutomatic).map((each) => [each.characterId, each]),
    );
    const cast = castVoices({ characters, voices: this.voices.voices, narratorVoice, language });
    return cast.map((member) => chosen.get(member.characterId) ?? member);
  }

  private requireNarratorVoice(id: string | null | undefined) {
    return requireVoice(this.voices, id ?? this.voices.voices[0]?.id ?? "", ["narratorVoice"]);
  }

  private async changeNarration(
    owner: Owner,
    at: NarrationAt,
    change: (tx: Tx, narration: NarrationEntity) => Promise<NarrationEntity>,
  ): Promise<NarrationEntity> {
    return this.database.write(owner.userId, async (tx) => {
      const narration = await narrationStore.lock(tx, owner, at.id);
      if (!narration) throw new NotFoundError(NO_NARRATION);
      if (narration.version !== at.version) {
        throw new ConflictError(
          `${nameOf(narration)} is at version ${narration.version}, you read version ${at.version}; read it again and repeat your change.`,
          narration,
        );
      }
      return change(tx, narration);
    });
  }
}

/** A script must not change under the worker that speaks it. */
function refuseWhileRendering(narration: NarrationEntity): void {
  if (!isUnderWay(narration.status)) return;
  throw new ConflictError(
    `${nameOf(narration)} is rendering; cancel it before editing.`,
    narration,
  );
}

const MODIFIED = ["voiceModifications", "characters"];

const charactersIn = (modifications: VoiceModifications | null): string[] =>
  (modifications?.characters ?? []).map(({ characterId }) => characterId);

async function findAnalysis(
  tx: Tx,
  { analysisId }: NarrationEntity,
): Promise<AnalysisEntity | null> {
  if (analysisId === null) return null;
  const [analysis] = await analysisStore.byIds(tx, [analysisId]);
  return analysis ?? null;
}

async function requireNarratableStory(tx: Tx, storyId: number): Promise<StoryEntity> {
  await storyStore.lockText(tx, storyId);
  const [story] = await storyStore.byIds(tx, [storyId]);
  if (!story) throw new NotFoundError(`There is no story ${storyId}.`);
  if (story.visibility === StoryVisibility.Draft) {
    throw new ConflictError(`Story ${storyId} is a draft; publish it before narrating it.`, story);
  }
  if (story.visibility === StoryVisibility.Archived) {
    throw new ConflictError(`Story ${storyId} is archived and takes no new narrations.`, story);
  }
  return story;
}

async function findReadyAnalysis(tx: Tx, story: StoryEntity): Promise<AnalysisEntity | null> {
  if (story.contentHash === null) return null;
  const text = { contentHash: story.contentHash, language: story.language };
  await analysisStore.lock(tx, text);
  const [current] = await analysisStore.currentByText(tx, [text]);
  return current?.ready ?? null;
}

const shareTokenFor = (narration: NarrationEntity): string =>
  narration.shareToken ?? randomBytes(SHARE_TOKEN_BYTES).toString("base64url");
