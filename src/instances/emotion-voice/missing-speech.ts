import { ConsentState } from "../consent/consent.entity.js";
import {
  type SpeechForTraining,
  type TemplateSpeech,
  type TrainingNeed,
  speechForTraining,
} from "../voice-sample/speech-for-training.js";
import type { EmotionVoiceEntity } from "./emotion-voice.entity.js";

type Template = Parameters<typeof speechForTraining>[0];

/**
 * Returns what the owner must record before the next training. Returns null for a template without voices,
 * and unless the emotion voice is usable: recording helps nothing before the owner agrees again.
 */
export function missingSpeechOf(
  { state }: Pick<EmotionVoiceEntity, "state">,
  { template, speech }: { readonly template: Template; readonly speech: TemplateSpeech },
  need: TrainingNeed,
): SpeechForTraining["missing"] | null {
  if (state !== ConsentState.Usable) return null;
  return speechForTraining(template, speech, need)?.missing ?? null;
}
