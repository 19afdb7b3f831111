import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import type { PersonalVoiceEntity } from "../personal-voice/personal-voice.entity.js";
import { type EmotionVoiceEntity, TrainingStatus } from "./emotion-voice.entity.js";
import { emotionVoiceStore } from "./emotion-voice.store.js";
import {
  type UsableRecording,
  chooseRecordings,
  trainingSamplesStore,
} from "./training/training-samples.store.js";
import { newLabel } from "../vendor-voice/clone-label.js";

/** Writes the emotion voices of one request. */
export class TrainingRequestRows {
  /** The labels of the failed trainings that the request replaces. */
  readonly labels: (string | null)[] = [];

  constructor(
    private readonly tx: Tx,
    private readonly owner: Owner,
    private readonly about: {
      readonly voice: PersonalVoiceEntity;
      /** The emotion voices of the personal voice that are under a consent. */
      readonly known: readonly EmotionVoiceEntity[];
      /** All emotion voices of the personal voice. */
      readonly all: readonly EmotionVoiceEntity[];
      /** All usable recordings of the owner. */
      readonly recordings: readonly UsableRecording[];
      readonly consentId: string;
    },
  ) {}

  /**
   * Begins the training for a template, and locks the recordings. A failed row is replaced. A row that waited
   * for more speech is used.
   */
  async begin(templateId: number): Promise<EmotionVoiceEntity> {
    const recordings = this.about.recordings.filter((each) => each.templateId === templateId);
    const ids = chooseRecordings(recordings).map(({ id }) => id);
    await trainingSamplesStore.lock(this.tx, this.owner, ids);
    await this.forgetFailed(templateId);
    const trainingStatus = TrainingStatus.Training;
    const [waiting] = this.find(templateId, TrainingStatus.Collecting);
    if (!waiting) return this.insert(templateId, trainingStatus);
    const change = { trainingStatus, label: newLabel() };
    await emotionVoiceStore.update(this.tx, this.owner, waiting.id, change);
    return Object.assign(waiting, change);
  }

  /** Returns the row of a template that needs more speech, and makes the row if there is none. */
  async collect(templateId: number): Promise<EmotionVoiceEntity> {
    const [waiting] = this.find(templateId, TrainingStatus.Collecting);
    if (waiting) return waiting;
    await this.forgetFailed(templateId);
    return this.insert(templateId, TrainingStatus.Collecting);
  }

  private insert(templateId: number, trainingStatus: TrainingStatus): Promise<EmotionVoiceEntity> {
    const { voice, all, consentId } = this.about;
    const revisions = all
      .filter((each) => each.templateId === templateId)
      .map(({ revision }) => revision);
    return emotionVoiceStore.insert(this.tx, this.owner, {
      ...{ templateId, voiceId: voice.id, label: newLabel(), trainingStatus, consentId },
      ...{ kind: voice.kind, provider: voice.provider },
      revision: Math.max(0, ...revisions) + 1,
    });
  }

  private async forgetFailed(templateId: number): Promise<void> {
    const failed = this.find(templateId, TrainingStatus.Failed);
    this.labels.push(...failed.map(({ label }) => label));
    const ids = failed.map(({ id }) => id);
    await emotionVoiceStore.remove(this.tx, this.owner, ids);
  }

  private find(templateId: number, status: TrainingStatus): EmotionVoiceEntity[] {
    return this.about.known.filter(
      (each) => each.templateId === templateId && each.trainingStatus === status,
    );
  }
}
