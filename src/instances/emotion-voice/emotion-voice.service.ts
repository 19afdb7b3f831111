import { InputProblems } from "../../platform/input/input-problems.js";
import type { Clock } from "../../platform/clock.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ProviderError,
} from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import type { CloningProvider } from "../../providers/speech/cloning.port.js";
import { type TemplateEntity, isNeutral, templateStore } from "../../reference/index.js";
import type { OwnedBlobs } from "../blobs/owned-blobs.js";
import { requireConsent } from "../consent/require-consent.js";
import type { Owner } from "../owner.js";
import type { PersonalVoiceEntity } from "../personal-voice/personal-voice.entity.js";
import { personalVoiceStore } from "../personal-voice/personal-voice.store.js";
import { newPersonalVoiceId } from "../personal-voice/personal-voice.js";
import type { SweepSoon } from "../sweep-soon.js";
import type { TrainingNeed } from "../voice-sample/speech-for-training.js";
import { chooseTemplates } from "./chosen-templates.js";
import {
  type EmotionVoiceEntity,
  NO_EMOTION_VOICE,
  isLiving,
  isUnderConsent,
} from "./emotion-voice.entity.js";
import { emotionVoiceStore } from "./emotion-voice.store.js";
import { type TrainingRequest, parseTrainingRequest } from "./training-input.js";
import { TrainingRequestRows } from "./training-request-rows.js";
import { trainableRecordings, trainingSamplesStore } from "./training/training-samples.store.js";
import { isInTraining } from "./training/training-step.js";
import {
  type EnqueueCleanup,
  discardClones,
  discardEarlierClones,
} from "../vendor-voice/vendor-clones.js";
import { EMOTION_VOICE_CHANNEL, type EnqueueTraining } from "./training/voice-order.js";
import { voicesInTrainingStore } from "./training/voices-in-training.store.js";

const DEFAULT_NAME = "My voice";
const DEFAULT_LANGUAGE = "en";

/** A provider as requests see it. Only jobs train. */
export type TrainingProvider = Pick<
  CloningProvider,
  "id" | "kind" | "languages" | "needsTranscripts"
>;

export interface EmotionVoiceDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly blobs: OwnedBlobs;
  readonly sweepSoon: SweepSoon;
  /** The first provider is the default. */
  readonly cloning: readonly TrainingProvider[];
  readonly enqueue: EnqueueTraining;
  readonly enqueueCleanup: EnqueueCleanup;
}

/** A personal voice, and its emotion voices that the request trains or that need more speech first. */
export interface AskedTraining {
  /** `provider:own-<random>` */
  readonly voice: string;
  readonly emotionVoices: readonly EmotionVoiceEntity[];
}

/** Trains and deletes the emotion voices of their owners. */
export class EmotionVoiceService {
  constructor(private readonly use: EmotionVoiceDependencies) {}

  /** Returns true if this server has the provider, so that its voices can speak. */
  hasProvider(provider: string): boolean {
    return this.use.cloning.some(({ id }) => id === provider);
  }

  /** Returns what a voice of the provider needs. Without a provider: a voice of the default provider. */
  trainingNeed(provider?: string): TrainingNeed {
    const { cloning, clock } = this.use;
    const found = cloning.find(({ id }) => id === provider) ?? cloning[0];
    return { now: clock.now(), needsTranscripts: found?.needsTranscripts ?? true };
  }

  /**
   * Asks for the training of a personal voice, and makes the voice if there is none. The recordings that the
   * training uses cannot be deleted from then on.
   * @throws ConflictError without a consent, if a named template is in training or has too little speech, if
   *   the neutral voice is missing, or if there is nothing to train
   * @throws NotFoundError for an unknown voice or template
   * @throws InvalidInputError for a wrong name, provider or template
   */
  async train(
    owner: Owner,
    request: TrainingRequest,
    problems = new InputProblems(),
  ): Promise<AskedTraining> {
    const { database, clock } = this.use;
    const asked = parseTrainingRequest(request, problems);
    if (!asked.voiceId) problems.check(() => this.findProvider(asked.provider, "provider"), null);
    problems.refuse();
    return database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const now = clock.now();
      const consent = await requireConsent(tx, owner, now);
      const voice = await this.takeVoice(tx, owner, asked);
      const all = await emotionVoiceStore.ofVoice(tx, owner, voice.id);
      const known = all.filter(isUnderConsent);
      const { templateIds } = asked;
      const need = { now, needsTranscripts: this.trainingNeed(voice.provider).needsTranscripts };
      const { train, collect } = await chooseTemplates(tx, owner, { templateIds, known, need });
      const recordings = trainableRecordings(await trainingSamplesStore.usable(tx, owner), need);
      const about = { voice, known, all, recordings, consentId: consent.id };
      const rows = new TrainingRequestRows(tx, owner, about);
      const emotionVoices: EmotionVoiceEntity[] = [];
      for (const template of [...train].sort(neutralFirst)) {
        emotionVoices.push(await rows.begin(template.id));
      }
      for (const template of collect) emotionVoices.push(await rows.collect(template.id));
      await discardClones(tx, owner, rows.labels, this.use.enqueueCleanup);
      if (train.length > 0) await this.queue(tx, owner, voice.id);
      return { voice: voice.voice, emotionVoices };
    });
  }

  /**
   * Deletes an emotion voice with all its revisions. The last emotion voice of a personal voice takes the
   * personal voice along. Needs no consent. Returns the deleted emotion voice.
   * @throws NotFoundError for an unknown emotion voice
   * @throws ConflictError while a render may speak with the voice, and for a neutral voice that others need
   */
  async remove(owner: Owner, id: string): Promise<RemovedEmotionVoice> {
    const { database, blobs } = this.use;
    const { models, ...removed } = await database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const found = await emotionVoiceStore.lock(tx, owner, id);
      if (!found) throw new NotFoundError(NO_EMOTION_VOICE, ["id"]);
      const { templateId } = found;
      const family = await readFamily(tx, owner, found);
      await requireFree(tx, owner, family);
      await this.removeRows(tx, owner, family.revisions);
      const voice = await this.endVoice(tx, owner, family);
      const models = family.revisions.flatMap(({ modelBlobKey }) => modelBlobKey ?? []);
      return { templateId, voice, models };
    });
    try {
      await blobs.deleteUnused(owner, models);
    } catch (error) {
      // The rows are gone, so nobody can speak with the models. The queued sweep deletes the files.
      if (!(error instanceof ProviderError)) throw error;
    }
    return removed;
  }

  private async removeRows(
    tx: Tx,
    owner: Owner,
    rows: readonly EmotionVoiceEntity[],
  ): Promise<void> {
    const { notifier, sweepSoon, enqueueCleanup } = this.use;
    await emotionVoiceStore.remove(
      tx,
      owner,
      rows.map(({ id }) => id),
    );
    await trainingSamplesStore.unlock(
      tx,
      owner,
      rows.map(({ templateId }) => templateId),
    );
    const labels = rows.map(({ label }) => label);
    await discardClones(tx, owner, labels, enqueueCleanup);
    await discardEarlierClones(tx, owner, rows, enqueueCleanup);
    for (const { id } of rows) await notifier.notify(tx, EMOTION_VOICE_CHANNEL, id);
    await sweepSoon(tx, owner);
  }

  /** Deletes a personal voice without emotion voices. Returns the id of a voice that stays. */
  private async endVoice(tx: Tx, owner: Owner, { voice, others }: Family): Promise<string | null> {
    if (!voice) return null;
    if (!others.some(isInTraining)) await voicesInTrainingStore.remove(tx, owner, voice.id);
    if (others.length > 0) return voice.voice;
    await personalVoiceStore.remove(tx, owner, voice.id);
    return null;
  }

  private async takeVoice(
    tx: Tx,
    owner: Owner,
    { voiceId, provider, displayName }: TrainingRequest,
  ): Promise<PersonalVoiceEntity> {
    const known = await this.findVoice(tx, owner, { voiceId, provider });
    if (known) {
      if (displayName && displayName !== known.displayName) {
        await personalVoiceStore.rename(tx, owner, known.id, displayName);
      }
      return known;
    }
    const { id, kind, languages } = this.findProvider(provider, "provider");
    return personalVoiceStore.insert(tx, owner, {
      ...{ voice: newPersonalVoiceId(id), provider: id, kind },
      displayName: displayName ?? DEFAULT_NAME,
      language: languages[0] ?? DEFAULT_LANGUAGE,
    });
  }

  private async findVoice(
    tx: Tx,
    owner: Owner,
    { voiceId, provider }: Pick<TrainingRequest, "voiceId" | "provider">,
  ): Promise<PersonalVoiceEntity | null> {
    if (!voiceId) {
      return personalVoiceStore.oldestOf(tx, owner, this.findProvider(provider, "provider").id);
    }
    const voice = await personalVoiceStore.byVoice(tx, owner, voiceId);
    if (!voice) {
      throw new NotFoundError("You have no such voice; leave voiceId out to make one.", [
        "voiceId",
      ]);
    }
    if (provider && provider !== voice.provider) {
      throw new InvalidInputError(
        `This voice is made by ${voice.provider}; leave provider out, or leave voiceId out to make a voice by ${provider}.`,
        ["provider"],
      );
    }
    this.findProvider(voice.provider, "voiceId");
    return voice;
  }

  private findProvider(id: string | null | undefined, field: string): TrainingProvider {
    const { cloning } = this.use;
    const isNamed = id !== null && id !== undefined;
    const found = isNamed ? cloning.find((each) => each.id === id) : cloning[0];
    if (found) return found;
    const known = cloning.map((each) => each.id).join(", ");
    throw new InvalidInputError(
      `This server trains no voices with ${isNamed ? JSON.stringify(id.slice(0, 100)) : "any provider"}; choose one of: ${known}.`,
      [field],
    );
  }

  /** Queues the job of the personal voice, unless the voice has a job that sees the new rows. */
  private async queue(tx: Tx, owner: Owner, voiceId: string): Promise<void> {
    if (!(await voicesInTrainingStore.add(tx, owner, voiceId))) return;
    await this.use.enqueue(tx, { userId: owner.userId, voiceId });
  }
}

export interface RemovedEmotionVoice {
  readonly templateId: number;
  /** The personal voice: `provider:own-<random>`. null if the personal voice is gone, too. */
  readonly voice: string | null;
}

const neutralFirst = (a: TemplateEntity, b: TemplateEntity): number =>
  Number(isNeutral(b)) - Number(isNeutral(a));

/** An emotion voice to delete, with its personal voice. */
interface Family {
  readonly templateId: number;
  /** null for an emotion voice of the earlier platform. */
  readonly voice: PersonalVoiceEntity | null;
  readonly revisions: readonly EmotionVoiceEntity[];
  /** The emotion voices of the same personal voice for other templates. */
  readonly others: readonly EmotionVoiceEntity[];
}

async function readFamily(tx: Tx, owner: Owner, found: EmotionVoiceEntity): Promise<Family> {
  const { voiceId, templateId } = found;
  if (voiceId === null) return { templateId, voice: null, revisions: [found], others: [] };
  const voice = await personalVoiceStore.byId(tx, owner, voiceId);
  const all = await emotionVoiceStore.ofVoice(tx, owner, voiceId);
  const isRevision = (each: EmotionVoiceEntity): boolean => each.templateId === templateId;
  return {
    ...{ templateId, voice, revisions: all.filter(isRevision) },
    others: all.filter((each) => !isRevision(each)),
  };
}

async function requireFree(
  tx: Tx,
  owner: Owner,
  { templateId, voice, others }: Family,
): Promise<void> {
  if (!voice) return;
  if (await personalVoiceStore.isBeingRendered(tx, owner, voice.voice)) {
    throw new ConflictError(
      `A narration is being rendered with your voice “${voice.displayName}”; wait until the render ends, or cancel it with cancelNarration.`,
      null,
      { inputPath: ["id"] },
    );
  }
  const [template] = await templateStore.byIds(tx, [templateId]);
  const needing = new Set(others.filter(isLiving).map((each) => each.templateId));
  if (!template || !isNeutral(template) || needing.size === 0) return;
  throw new ConflictError(
    `${needing.size === 1 ? "Another emotion voice needs" : `${needing.size} other emotion voices need`} the neutral voice; delete the others first.`,
    null,
    { inputPath: ["id"] },
  );
}
