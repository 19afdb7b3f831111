import type { MeasuredDelivery } from "../../src/providers/speech/cloning.port.js";
import {
  type PersonalVoice,
  newPersonalVoiceId,
} from "../../src/instances/personal-voice/personal-voice.js";

export interface GivenPersonalVoice {
  /** The id of a live consent. Without a consent, the voice has no trained emotion voices. */
  readonly consentId?: string;
  readonly displayName?: string;
  readonly provider?: string;
  readonly kind?: "adapted" | "cloned";
  readonly language?: string;
  /** By template keys. Default: the neutral voice alone. The templates must exist. */
  readonly trained?: Readonly<Record<string, GivenTraining>>;
}

export interface GivenTraining {
  /** A blob key or a vendor's id. null if the neutral model speaks. */
  readonly model: string | null;
  readonly deltas?: MeasuredDelivery;
  readonly otherDeltas?: Readonly<Record<string, MeasuredDelivery>>;
  readonly revision?: number;
}

interface Place {
  superuser(sql: string, values?: readonly unknown[]): Promise<object[]>;
}

const NEUTRAL = { neutral: { model: "owned/nobody/model" } };

const DEFAULTS = { provider: "flite", kind: "adapted", displayName: "My voice", language: "en" };

/** Inserts a personal voice with its trained emotion voices, with SQL. Returns the id of the voice. */
export async function givenPersonalVoice(
  place: Place,
  userId: string,
  { consentId, trained = NEUTRAL, ...about }: GivenPersonalVoice = {},
): Promise<PersonalVoice["id"]> {
  const { provider, kind, displayName, language } = { ...DEFAULTS, ...about };
  const voice = newPersonalVoiceId(provider);
  await place.superuser(
    `INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [userId, voice, provider, kind, displayName, language],
  );
  if (consentId === undefined) return voice;
  for (const [key, training] of Object.entries(trained)) {
    await place.superuser(TRAINED, [userId, voice, consentId, key, ...columnsOf(training)]);
  }
  return voice;
}

const TRAINED = `
INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, revision, kind, provider,
  model_blob_key, provider_voice_id, voice_settings, training_status, state, consent_id, consent_live)
SELECT $1, t.id, v.id, $5, v.kind, v.provider, $6, $7, $8, 'ready', 'usable', $3, true
FROM instances.user_voices v, reference.voice_modulation_templates t
WHERE v.user_id = $1 AND v.voice = $2 AND t.modulation_key = $4`;

function columnsOf({ model, deltas, otherDeltas, revision = 1 }: GivenTraining) {
  const settings = JSON.stringify({ deltas, otherDeltas });
  const isBlob = model?.startsWith("owned/") ?? false;
  return [revision, isBlob ? model : null, isBlob ? null : model, settings];
}
