import { EMOTION_DELIVERIES } from "../../../audio/delivery/deliveries.js";
import { NEUTRAL_PROSODY, type ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { PersonalSpeaker } from "../../../providers/speech/speech.port.js";
import type { PersonalVoice, TrainedEmotion } from "../../personal-voice/personal-voice.js";
import type { DeliveredSegment } from "./segment-prosody.js";

/** The model that speaks a segment in a personal voice, and how its owner delivers the emotion. */
export interface ChosenSpeaker {
  readonly personal: PersonalSpeaker;
  /** Replaces these numbers of the table of emotions. */
  readonly own: Partial<ResolvedProsody>;
}

/**
 * Chooses how a personal voice speaks a segment. A clone made for the segment's emotion speaks with its
 * own delivery. Otherwise the neutral model speaks, with the owner's measured delivery of the emotion, or
 * with that of the table. Returns null if the voice cannot speak now.
 */
export function choosePersonalSpeaker(
  { neutral, emotions }: PersonalVoice,
  { emotion, intensity }: Pick<DeliveredSegment, "emotion" | "intensity">,
): ChosenSpeaker | null {
  if (!neutral) return null;
  const trained = intensity > 0 ? emotions.get(emotion) : undefined;
  if (trained?.revision && trained.model !== null) {
    const personal = { revision: String(trained.revision), model: trained.model };
    return { personal, own: deliveryOfClone(emotion) };
  }
  const revision = [neutral.revision, ...(trained?.revision ? [trained.revision] : [])].join(".");
  return { personal: { revision, model: neutral.model }, own: measuredDelivery(emotion, trained) };
}

/**
 * A clone of an emotion acts the emotion itself. Loudness and pauses are not part of a segment's sound, so
 * they still come from the table.
 */
function deliveryOfClone(emotion: string): ResolvedProsody {
  const { gain = 0, pauses = 1 } = EMOTION_DELIVERIES.get(emotion) ?? {};
  return { ...NEUTRAL_PROSODY, gain, pauses };
}

const WHISPER = "whisper";

/**
 * Nobody measures pauses, breath and tremor, so these numbers stay as in the table. A whisper has no melody,
 * and the engine makes its spectrum, so only its rate and loudness are the owner's.
 */
function measuredDelivery(
  emotion: string,
  trained: TrainedEmotion | undefined,
): Partial<ResolvedProsody> {
  if (!trained?.deltas) return {};
  const { rate, gain } = trained.deltas;
  return emotion === WHISPER ? { rate, gain } : trained.deltas;
}
