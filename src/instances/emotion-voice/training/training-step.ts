import type { Tx } from "../../../platform/database/transactions/database.js";
import type {
  CloningProvider,
  TrainingOrder,
  TrainingSample,
} from "../../../providers/speech/cloning.port.js";
import {
  type TemplateEntity,
  isNeutral,
  isTrainable,
  templateStore,
} from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import type { PersonalVoiceEntity } from "../../personal-voice/personal-voice.entity.js";
import { newLabel } from "../../vendor-voice/clone-label.js";
import { type EmotionVoiceEntity, TrainingStatus, isLiving } from "../emotion-voice.entity.js";
import { ConsentState } from "../../consent/consent.entity.js";
import {
  type UsableRecording,
  chooseRecordings,
  trainableRecordings,
  trainingSamplesStore,
} from "./training-samples.store.js";

/** One emotion voice to train now. */
export interface TrainingStep {
  readonly owner: Owner;
  readonly emotionVoice: EmotionVoiceEntity;
  readonly template: TemplateEntity;
  /** null if the provider of the voice is no longer configured. */
  readonly provider: CloningProvider | null;
  /** The order for the provider. A text if the voice cannot be trained: the reason, for people. */
  readonly order: TrainingOrder | string;
}

/** What a step is made from: one personal voice, and all its emotion voices. */
export interface VoiceInTraining {
  readonly owner: Owner;
  /** The owner's public id, which blob keys contain. */
  readonly ownerName: string;
  readonly voice: PersonalVoiceEntity;
  readonly emotionVoices: readonly EmotionVoiceEntity[];
  readonly provider: CloningProvider | null;
}

/** True if the emotion voice waits for its training, and may be trained under a live consent. */
export const isInTraining = ({ trainingStatus, state }: EmotionVoiceEntity): boolean =>
  trainingStatus === TrainingStatus.Training && state === ConsentState.Usable;

/**
 * The least speech of an emotion without an emotion voice from which the delivery of the emotion is
 * measured.
 */
const LEAST_MEASURED_SECONDS = 1;

/** Chooses the next emotion voice to train: neutral first, because the others need the neutral voice. */
export async function nextStep(tx: Tx, about: VoiceInTraining): Promise<TrainingStep | null> {
  const { owner, emotionVoices, provider } = about;
  const waiting = emotionVoices.filter(isInTraining);
  if (waiting.length === 0) return null;
  const usable = await trainingSamplesStore.usable(tx, owner);
  const recordings = trainableRecordings(usable, provider ?? { needsTranscripts: false });
  const templates = await templateStore.byIds(tx, [
    ...new Set([...emotionVoices, ...recordings].map(({ templateId }) => templateId)),
  ]);
  const templateOf = new Map(templates.map((template) => [template.id, template]));
  const isOfNeutral = ({ templateId }: EmotionVoiceEntity): boolean => {
    const template = templateOf.get(templateId);
    return template !== undefined && isNeutral(template);
  };
  const emotionVoice = waiting.find(isOfNeutral) ?? waiting[0];
  const template = emotionVoice && templateOf.get(emotionVoice.templateId);
  if (!emotionVoice || !template) return null;
  const order = new OrderWriter(about, recordings, templates).write(emotionVoice, template);
  return { owner, emotionVoice, template, provider, order };
}

/** Writes the order for one emotion voice. */
class OrderWriter {
  constructor(
    private readonly about: VoiceInTraining,
    private readonly recordings: readonly UsableRecording[],
    private readonly templates: readonly TemplateEntity[],
  ) {}

  /** Returns the reason, for people, if the voice cannot be trained. */
  write(emotionVoice: EmotionVoiceEntity, template: TemplateEntity): TrainingOrder | string {
    const { provider, voice, ownerName } = this.about;
    if (!provider) {
      return `This server cannot train voices of ${voice.provider} any more; train a voice of another provider.`;
    }
    const samples = this.samplesOf(template.id);
    if (samples.length === 0) {
      return `The recordings for ${template.displayName} are gone; record again, then train again.`;
    }
    const neutral = isNeutral(template) ? null : this.neutral();
    if (!isNeutral(template) && !neutral) {
      return "The neutral voice is not trained; train the neutral voice, then train this voice again.";
    }
    return {
      ...{ ownerName, samples, neutral, label: emotionVoice.label ?? newLabel() },
      ...{ displayName: voice.displayName, language: voice.language },
      emotion: template.modulationKey,
      others: isNeutral(template) ? this.others() : {},
    };
  }

  private neutral(): TrainingOrder["neutral"] {
    const template = this.templates.find(isNeutral);
    const trained = this.about.emotionVoices.findLast(
      ({ templateId, trainingStatus, state }) =>
        templateId === template?.id &&
        trainingStatus === TrainingStatus.Ready &&
        state === ConsentState.Usable,
    );
    const model = trained?.providerVoiceId ?? trained?.modelBlobKey;
    if (!template || typeof model !== "string") return null;
    return { model, samples: this.samplesOf(template.id) };
  }

  /** The recordings that were locked when the training was asked. */
  private samplesOf(templateId: number): TrainingSample[] {
    return toSamples(
      this.recordings.filter((each) => each.templateId === templateId && each.isLocked),
    );
  }

  /** The recordings of emotions without an emotion voice. */
  private others(): TrainingOrder["others"] {
    const own = new Set(
      this.about.emotionVoices.filter(isLiving).map(({ templateId }) => templateId),
    );
    const others = this.templates.filter((each) => isTrainable(each) && !own.has(each.id));
    return Object.fromEntries(
      others.flatMap(({ id, modulationKey }) => {
        const recordings = this.recordings.filter(({ templateId }) => templateId === id);
        const seconds = recordings.reduce((sum, { speechSeconds }) => sum + speechSeconds, 0);
        return seconds < LEAST_MEASURED_SECONDS ? [] : [[modulationKey, toSamples(recordings)]];
      }),
    );
  }
}

const toSamples = (recordings: readonly UsableRecording[]): TrainingSample[] =>
  chooseRecordings(recordings).map(({ blobKey, transcript, levelDb }) => ({
    ...{ blobKey, transcript, levelDb },
  }));
