import {
  type TemplateEntity,
  isNeutral,
  isTrainable,
  leastSpeechSeconds,
} from "../../reference/index.js";
import type { RecordedSpeech } from "./recorded-speech.store.js";

/** The owner's speech for one template, and for the neutral template that every voice needs. */
export interface TemplateSpeech {
  readonly templateId: number;
  readonly own: RecordedSpeech | null;
  readonly neutral: RecordedSpeech | null;
}

/** How much speech an owner recorded for a template, and how much a voice needs. */
export interface SpeechForTraining {
  /** The sum over all accepted recordings that may be used now. */
  readonly speechSeconds: number;
  /** The part of `speechSeconds` in recordings without a transcript. */
  readonly secondsWithoutTranscript: number;
  readonly requiredSeconds: number;
  readonly missing: {
    /** 0 if there is enough speech that the provider can use. */
    readonly speechSeconds: number;
    /** True if the neutral template needs more speech first. */
    readonly neutralSample: boolean;
  };
}

type Template = Pick<TemplateEntity, "modulationType" | "modulationKey">;

export const NEUTRAL: Template = { modulationType: "emotion", modulationKey: "neutral" };

/** What decides whether a recording counts. */
export interface TrainingNeed {
  readonly now: Date;
  /** True if the provider of the voice can use only recordings whose words are known. */
  readonly needsTranscripts: boolean;
}

/** Compares the recorded speech with the need. Returns null if no voice can be trained for the template. */
export function speechForTraining(
  template: Template,
  { own, neutral }: Pick<TemplateSpeech, "own" | "neutral">,
  need: TrainingNeed,
): SpeechForTraining | null {
  if (!isTrainable(template)) return null;
  const { seconds, secondsWithTranscript } = usableSpeech(own, need.now);
  const requiredSeconds = leastSpeechSeconds(template);
  const lacking = toHundredths(requiredSeconds - trainableSeconds(own, need));
  return {
    ...{ speechSeconds: seconds, requiredSeconds },
    secondsWithoutTranscript: toHundredths(seconds - secondsWithTranscript),
    missing: {
      speechSeconds: Math.max(0, lacking),
      neutralSample:
        !isNeutral(template) && trainableSeconds(neutral, need) < leastSpeechSeconds(NEUTRAL),
    },
  };
}

/** Measures have hundredths of seconds. The difference of two binary fractions has more digits. */
const toHundredths = (seconds: number): number => Number(seconds.toFixed(2));

const NO_SPEECH = { seconds: 0, secondsWithTranscript: 0 };

/** Returns no speech after the consent has expired, also if no job has suspended the recordings yet. */
const usableSpeech = (speech: RecordedSpeech | null, now: Date): typeof NO_SPEECH =>
  speech && (speech.expiresAt === null || speech.expiresAt > now) ? speech : NO_SPEECH;

function trainableSeconds(
  speech: RecordedSpeech | null,
  { now, needsTranscripts }: TrainingNeed,
): number {
  const { seconds, secondsWithTranscript } = usableSpeech(speech, now);
  return needsTranscripts ? secondsWithTranscript : seconds;
}
