import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, NotFoundError } from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import type { CloningProvider } from "../../providers/speech/cloning.port.js";
import { isNeutral, templateStore } from "../../reference/index.js";
import type { ConsentEntity } from "../consent/consent.entity.js";
import { requireConsent } from "../consent/require-consent.js";
import type { Owner } from "../owner.js";
import { personalVoiceStore } from "../personal-voice/personal-voice.store.js";
import { newLabel } from "../vendor-voice/clone-label.js";
import { vendorVoicesStore } from "../vendor-voice/vendor-voices.store.js";
import type { AskedTraining } from "./emotion-voice.service.js";
import {
  type EmotionVoiceEntity,
  NO_EMOTION_VOICE,
  TrainingStatus,
  isUnderConsent,
} from "./emotion-voice.entity.js";
import { emotionVoiceStore } from "./emotion-voice.store.js";

export interface VoiceAdoptionDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Tells which clones exist. A provider that is not configured is not asked. */
  readonly cloning: readonly Pick<CloningProvider, "id" | "hasVoice">[];
}

/** A personal voice, and its emotion voices that are adopted now, the neutral one first. */
export type AdoptedVoice = Omit<AskedTraining, "voice"> & { readonly voice: string | null };

/** Whether the vendors have clones, by the vendors' ids. */
type KnownClones = Map<string, boolean>;

/** Puts emotion voices of the earlier platform under the consent of their owners. */
export class VoiceAdoption {
  constructor(private readonly use: VoiceAdoptionDependencies) {}

  /**
   * Makes an emotion voice of the earlier platform usable, with its neutral voice, which every voice needs. Its
   * clone is then listed like a clone of ours, and is deleted with the emotion voice. If the latest revision has
   * failed, adopts the latest ready one. Adopting a usable emotion voice changes nothing.
   * @throws NotFoundError for an unknown emotion voice
   * @throws ConflictError without a consent, if nothing is trained, if the vendor no longer has the clone, or if
   *   the voice has been trained again here
   * @throws ProviderError if the vendor fails
   */
  async adopt(owner: Owner, id: string, signal: AbortSignal): Promise<AdoptedVoice> {
    const known: KnownClones = new Map();
    for (;;) {
      const result = await this.use.database.write(owner.userId, (tx) =>
        this.tryAdopt(tx, owner, { id, known }),
      );
      if (!Array.isArray(result)) return result;
      // The vendor is asked between two transactions.
      for (const clone of result) known.set(clone.model, await this.isAtVendor(clone, signal));
    }
  }

  /** Returns the clones to ask the vendor about first, or the result. */
  private async tryAdopt(
    tx: Tx,
    owner: Owner,
    { id, known }: { readonly id: string; readonly known: KnownClones },
  ): Promise<AdoptedVoice | Clone[]> {
    await userStore.lock(tx, owner.userId);
    const consent = await requireConsent(tx, owner, this.use.clock.now());
    const found = await emotionVoiceStore.lock(tx, owner, id);
    if (!found) throw new NotFoundError(NO_EMOTION_VOICE, ["id"]);
    const wanted = isUnderConsent(found) ? [] : await chooseVoices(tx, owner, found);
    const unknown = wanted.map(cloneOf).filter(({ model }) => !known.has(model));
    if (unknown.length > 0) return unknown;
    const kept = wanted.filter((each) => known.get(cloneOf(each).model));
    if (wanted.some((each) => each.templateId === found.templateId && !kept.includes(each))) {
      throw new ConflictError(LOST, found);
    }
    for (const each of kept) await putUnderConsent(tx, owner, { emotionVoice: each, consent });
    const ids = kept.length > 0 ? kept.map((each) => each.id) : [id];
    const rows = await emotionVoiceStore.byIds(tx, owner, ids);
    const voice =
      found.voiceId === null ? null : await personalVoiceStore.byId(tx, owner, found.voiceId);
    const emotionVoices = ids.flatMap((each) => rows.find((row) => row.id === each) ?? []);
    return { voice: voice?.voice ?? null, emotionVoices };
  }

  private isAtVendor({ provider, model }: Clone, signal: AbortSignal): Promise<boolean> | boolean {
    const vendor = this.use.cloning.find((each) => each.id === provider);
    return vendor?.hasVoice ? vendor.hasVoice(model, signal) : true;
  }
}

/** A clone of the earlier platform at its vendor. */
interface Clone {
  readonly provider: string;
  readonly model: string;
}

const cloneOf = ({ provider, providerVoiceId }: EmotionVoiceEntity): Clone => ({
  provider,
  model: providerVoiceId ?? "",
});

/**
 * Returns the neutral voice, unless one is usable, and the emotion voice to adopt.
 * @throws ConflictError if there is nothing to adopt
 */
async function chooseVoices(
  tx: Tx,
  owner: Owner,
  found: EmotionVoiceEntity,
): Promise<EmotionVoiceEntity[]> {
  const { voiceId, templateId } = found;
  const all = voiceId === null ? [found] : await emotionVoiceStore.ofVoice(tx, owner, voiceId);
  const ready = all.filter(({ trainingStatus }) => trainingStatus === TrainingStatus.Ready);
  const ofTemplate = (rows: readonly EmotionVoiceEntity[], id: number | undefined) =>
    rows.findLast((each) => each.templateId === id);
  const usable = ready.filter(isUnderConsent);
  const waiting = ready.filter((each) => !isUnderConsent(each) && each.providerVoiceId !== null);
  const own = ofTemplate(waiting, templateId);
  if (!own) throw new ConflictError(explainNothing(found), found);
  if (ofTemplate(usable, templateId)) throw new ConflictError(REPLACED, found);
  const templates = await templateStore.byIds(tx, [
    ...new Set(waiting.map((each) => each.templateId)),
  ]);
  const neutralId = templates.find(isNeutral)?.id;
  const neutral = ofTemplate(usable, neutralId) ? undefined : ofTemplate(waiting, neutralId);
  return neutral && neutral !== own ? [neutral, own] : [own];
}

async function putUnderConsent(
  tx: Tx,
  owner: Owner,
  about: { readonly emotionVoice: EmotionVoiceEntity; readonly consent: ConsentEntity },
): Promise<void> {
  const { emotionVoice, consent } = about;
  const label = newLabel();
  await vendorVoicesStore.add(tx, owner, { label, ...cloneOf(emotionVoice) });
  await vendorVoicesStore.setModel(tx, owner, { label, ...cloneOf(emotionVoice) });
  await emotionVoiceStore.update(tx, owner, emotionVoice.id, {
    ...{ label, state: "usable", consentId: consent.id, consentLive: true },
  });
}

const REPLACED =
  "You have trained this voice again since then, and the later training speaks; there is nothing to adopt.";
const LOST =
  "The speech provider no longer has this voice; record voice samples and train the voice again with trainEmotionVoice, or delete it with deleteEmotionVoice.";

const explainNothing = ({ trainingStatus }: EmotionVoiceEntity): string =>
  trainingStatus === TrainingStatus.Failed
    ? "The training of this voice failed on the earlier platform, so there is nothing to adopt; record voice samples and train the voice with trainEmotionVoice."
    : "This voice was not trained on the earlier platform, so there is nothing to adopt; record voice samples, or adopt your early ones with adoptVoiceSample, and train the voice with trainEmotionVoice.";
