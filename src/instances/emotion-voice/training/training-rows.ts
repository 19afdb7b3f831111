import type { Clock } from "../../../platform/clock.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { userStore } from "../../../platform/users/user.store.js";
import type { CloningProvider, TrainedVoice } from "../../../providers/speech/cloning.port.js";
import type { OwnedBlobs } from "../../blobs/owned-blobs.js";
import { isInForce } from "../../consent/consent.entity.js";
import { consentStore } from "../../consent/consent.store.js";
import { type Owner, ownerOf, serverScope } from "../../owner.js";
import { personalVoiceStore } from "../../personal-voice/personal-voice.store.js";
import { renderStore } from "../../rendering/render.store.js";
import type { SweepSoon } from "../../sweep-soon.js";
import {
  type EmotionVoiceEntity,
  EmotionVoiceKind,
  TrainingStatus,
} from "../emotion-voice.entity.js";
import { forgetSuperseded } from "./forget-superseded.js";
import { type EmotionVoiceValues, emotionVoiceStore } from "../emotion-voice.store.js";
import { trainingSamplesStore } from "./training-samples.store.js";
import { type TrainingStep, isInTraining, nextStep } from "./training-step.js";
import { newLabel } from "../../vendor-voice/clone-label.js";
import { type EnqueueCleanup, discardClones } from "../../vendor-voice/vendor-clones.js";
import { vendorVoicesStore } from "../../vendor-voice/vendor-voices.store.js";
import { EMOTION_VOICE_CHANNEL, type EnqueueTraining, type VoiceOrder } from "./voice-order.js";
import { voicesInTrainingStore } from "./voices-in-training.store.js";

export interface TrainingRowsDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly blobs: OwnedBlobs;
  readonly sweepSoon: SweepSoon;
  readonly cloning: readonly CloningProvider[];
  readonly enqueue: EnqueueTraining;
  readonly enqueueCleanup: EnqueueCleanup;
}

/**
 * The transactions of a training. Each transaction holds the lock of the owner, so no consent ends, no voice
 * is deleted and no other result is written at the same time.
 */
export class TrainingRows {
  constructor(private readonly use: TrainingRowsDependencies) {}

  /**
   * Begins the next training of a personal voice. Returns null if there is nothing to train, or no live
   * consent. A clone at a vendor is listed before the vendor is asked.
   */
  begin(order: VoiceOrder): Promise<TrainingStep | null> {
    return this.locked(ownerOf(order.userId), async (tx, owner) => {
      const [user] = await userStore.byIds(tx, [owner.userId]);
      const voice = await personalVoiceStore.byId(tx, owner, order.voiceId);
      if (!user || !voice || !(await this.hasConsent(tx, owner))) return null;
      const emotionVoices = await emotionVoiceStore.ofVoice(tx, owner, voice.id);
      const provider = this.use.cloning.find(({ id }) => id === voice.provider) ?? null;
      const about = { owner, ownerName: user.publicId, voice, emotionVoices, provider };
      const step = await nextStep(tx, about);
      return step && this.prepare(tx, step);
    });
  }

  /**
   * Writes the result. Returns false, and deletes the result, if nobody may use the result: the consent
   * ended, the emotion voice was deleted, or another worker was faster.
   */
  async finish(step: TrainingStep, trained: TrainedVoice, sampleCount: number): Promise<boolean> {
    const { owner, emotionVoice, provider } = step;
    const isWritten = await this.locked(owner, async (tx) => {
      if (!(await this.isWanted(tx, owner, emotionVoice))) return false;
      const isRemote = provider?.isRemote ?? false;
      const clone = cloneOf(step, trained.model);
      if (isRemote && !(await vendorVoicesStore.setModel(tx, owner, clone))) return false;
      if (!isRemote && trained.model !== null) await this.use.blobs.requireStored(trained.model);
      const values = { ...valuesOf(step, trained), sampleCount, trainedAt: this.use.clock.now() };
      await this.end(tx, owner, emotionVoice, values);
      // A render under way may speak with the earlier revision. The sweep of the sound then deletes it.
      const isRendering = await renderStore.isAnyUnderWay(tx, owner);
      if (!isRendering) await forgetSuperseded(tx, owner, this.use.enqueueCleanup);
      return true;
    });
    if (!isWritten) await this.drop(step, trained.model);
    return isWritten;
  }

  /** Records why a training failed. Returns false if the emotion voice changed meanwhile. */
  fail(owner: Owner, emotionVoice: EmotionVoiceEntity, message: string): Promise<boolean> {
    return this.locked(owner, (tx) => this.failIn(tx, owner, emotionVoice, message));
  }

  /** Deletes a result that nobody may use: the model's blob, or the clone at the vendor. */
  async drop(step: TrainingStep, model: string | null): Promise<void> {
    const { owner, emotionVoice, provider } = step;
    if (!provider?.isRemote) {
      if (model !== null) await this.use.blobs.deleteUnused(owner, [model]);
      return;
    }
    await this.locked(owner, async (tx) => {
      const current = await emotionVoiceStore.lock(tx, owner, emotionVoice.id);
      const isReady = current?.trainingStatus === TrainingStatus.Ready;
      // Another worker was faster, and the vendor gave both workers the same clone.
      if (isReady && current.label === emotionVoice.label) return;
      await vendorVoicesStore.putUnwanted(tx, owner, cloneOf(step, model));
      await this.use.enqueueCleanup(tx, emotionVoice.label ?? "");
    });
  }

  /**
   * Records a failure of all waiting emotion voices, or of the next one. Queues a new job for the others.
   * Returns how many failed.
   */
  giveUp(
    order: VoiceOrder,
    { reason, all }: { readonly reason: string; readonly all: boolean },
  ): Promise<number> {
    return this.locked(ownerOf(order.userId), async (tx, owner) => {
      const inOrder = (await emotionVoiceStore.awaited(tx, owner)).filter(
        ({ voiceId }) => voiceId === order.voiceId,
      );
      const failing = all ? inOrder : inOrder.slice(0, 1);
      const ids = failing.map(({ id }) => id);
      for (const each of await emotionVoiceStore.byIds(tx, owner, ids)) {
        await this.failIn(tx, owner, each, reason);
      }
      if (inOrder.length > ids.length) await this.use.enqueue(tx, order);
      return ids.length;
    });
  }

  private locked<T>(owner: Owner, work: (tx: Tx, owner: Owner) => Promise<T>): Promise<T> {
    return this.use.database.write(serverScope(owner), async (tx) => {
      await userStore.lock(tx, owner.userId);
      return work(tx, owner);
    });
  }

  private async failIn(
    tx: Tx,
    owner: Owner,
    { id, label }: EmotionVoiceEntity,
    message: string,
  ): Promise<boolean> {
    const current = await emotionVoiceStore.lock(tx, owner, id);
    if (!current || !isInTraining(current) || current.label !== label) return false;
    const trainingStatus = TrainingStatus.Failed;
    await this.end(tx, owner, current, { trainingStatus, failure: { message } });
    return true;
  }

  private async hasConsent(tx: Tx, owner: Owner): Promise<boolean> {
    const consent = await consentStore.hold(tx, owner);
    return consent !== null && isInForce(consent, this.use.clock.now());
  }

  /** Records the beginning. A label whose clone is unwanted is never used again. */
  private async prepare(tx: Tx, step: TrainingStep): Promise<TrainingStep> {
    const { owner, emotionVoice, provider, order } = step;
    const known = emotionVoice.label;
    const isSpent = known === null || (await vendorVoicesStore.isUnwanted(tx, owner, known));
    const label = isSpent ? newLabel() : known;
    await emotionVoiceStore.update(tx, owner, emotionVoice.id, { label });
    const begun = {
      ...step,
      emotionVoice: Object.assign(emotionVoice, { label }),
      order: typeof order === "string" ? order : { ...order, label },
    };
    if (provider?.isRemote && typeof order !== "string") {
      await vendorVoicesStore.add(tx, owner, cloneOf(begun, null));
    }
    await this.use.notifier.notify(tx, EMOTION_VOICE_CHANNEL, emotionVoice.id);
    return begun;
  }

  private async isWanted(
    tx: Tx,
    owner: Owner,
    { id, label }: EmotionVoiceEntity,
  ): Promise<boolean> {
    const current = await emotionVoiceStore.lock(tx, owner, id);
    if (!current || !isInTraining(current) || current.label !== label) return false;
    return this.hasConsent(tx, owner);
  }

  /** Ends the training of one emotion voice, and takes a voice without further trainings off the list. */
  private async end(
    tx: Tx,
    owner: Owner,
    { id, templateId, voiceId, label }: EmotionVoiceEntity,
    values: EmotionVoiceValues,
  ): Promise<void> {
    const { notifier, sweepSoon, enqueueCleanup } = this.use;
    await emotionVoiceStore.update(tx, owner, id, values);
    if (values.trainingStatus === TrainingStatus.Failed) {
      await discardClones(tx, owner, [label], enqueueCleanup);
      await trainingSamplesStore.unlock(tx, owner, [templateId]);
    }
    if (voiceId !== null && !(await this.isInTraining(tx, owner, voiceId))) {
      await voicesInTrainingStore.remove(tx, owner, voiceId);
    }
    // A process that died may have left a model without a row.
    await sweepSoon(tx, owner);
    await notifier.notify(tx, EMOTION_VOICE_CHANNEL, id);
  }

  private async isInTraining(tx: Tx, owner: Owner, voiceId: string): Promise<boolean> {
    return (await emotionVoiceStore.ofVoice(tx, owner, voiceId)).some(isInTraining);
  }
}

const cloneOf = ({ emotionVoice }: TrainingStep, model: string | null) => ({
  label: emotionVoice.label ?? "",
  provider: emotionVoice.provider,
  model,
});

function valuesOf({ emotionVoice }: TrainingStep, trained: TrainedVoice): EmotionVoiceValues {
  const { model, deltas, otherDeltas, qualityScore, metrics } = trained;
  const isCloned = emotionVoice.kind === EmotionVoiceKind.Cloned;
  return {
    trainingStatus: TrainingStatus.Ready,
    failure: null,
    providerVoiceId: isCloned ? model : null,
    modelBlobKey: isCloned ? null : model,
    voiceSettings: {
      ...(deltas ? { deltas } : {}),
      ...(Object.keys(otherDeltas).length > 0 ? { otherDeltas } : {}),
    },
    ...{ qualityScore, metrics },
  };
}
