import { randomBytes } from "node:crypto";
import type { MeasuredDelivery } from "../../providers/speech/cloning.port.js";
import { EmotionVoiceKind } from "../emotion-voice/emotion-voice.entity.js";

/** A trained model that speaks. */
export interface TrainedModel {
  /** Counts the trainings. A recipe contains the revision, so a new training makes segments stale. */
  readonly revision: number;
  /** The key of the model's blob if the voice is adapted, the vendor's id of the voice if it is cloned. */
  readonly model: string;
}

/** How a personal voice speaks one emotion, or whispers. */
export interface TrainedEmotion {
  /** The revision of the emotion voice. null if the emotion has samples, but no emotion voice. */
  readonly revision: number | null;
  /** The model that speaks the emotion. null if the neutral model speaks the emotion. */
  readonly model: string | null;
  /** The owner's own delivery of the emotion, measured on the samples. null if nothing was measured. */
  readonly deltas: MeasuredDelivery | null;
}

/** Why a personal voice cannot speak now. */
export type Unavailability = "no_consent" | "untrained";

/** A personal voice with everything that a render of its owner needs. */
export interface PersonalVoice {
  /** `provider:own-<random>` */
  readonly id: string;
  /** The id of the voice's row. */
  readonly rowId: string;
  readonly provider: string;
  readonly kind: EmotionVoiceKind;
  readonly displayName: string;
  /** BCP 47 primary language tag. */
  readonly language: string;
  /** null if the voice can speak. */
  readonly unavailable: Unavailability | null;
  /** The neutral model. null if the voice cannot speak. */
  readonly neutral: TrainedModel | null;
  /** By the keys of templates, for example joy or whisper. Empty if the voice cannot speak. */
  readonly emotions: ReadonlyMap<string, TrainedEmotion>;
}

/** The ids of all personal voices, and no id of a catalogue. PostgreSQL reads the source of the expression, too. */
export const PERSONAL_VOICE_ID = /^[a-z0-9-]+:own-[A-Za-z0-9_-]{22}$/;
const NAME_BYTES = 16;

/** Returns a new random id for a personal voice: `provider:own-<random>`. */
export const newPersonalVoiceId = (provider: string): string =>
  `${provider}:own-${randomBytes(NAME_BYTES).toString("base64url")}`;

/** True for the id of a personal voice, also of one that no longer exists. */
export const isPersonalVoiceId = (voice: string): boolean => PERSONAL_VOICE_ID.test(voice);

const ADAPTING_PROVIDERS = new Set(["flite"]);

/** Returns the kind of a personal voice that may no longer exist. */
export const kindOfVoiceId = (voice: string): EmotionVoiceKind =>
  ADAPTING_PROVIDERS.has(voice.split(":")[0] ?? "")
    ? EmotionVoiceKind.Adapted
    : EmotionVoiceKind.Cloned;

/** A sentence for people that says why a voice cannot speak now, and what to do. */
export const describeUnavailable = ({ displayName }: PersonalVoice, why: Unavailability): string =>
  why === "no_consent"
    ? `Your voice “${displayName}” may not be used, because your consent has ended; agree again with grantVoiceConsent, or choose another voice.`
    : `Your voice “${displayName}” is not trained yet; train its neutral voice with trainEmotionVoice, or choose another voice.`;
