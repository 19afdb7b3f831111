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
  readonly requiredSeconds: number;
  readonly missing: {
    /** 0 if there is enough speech. */
    readonly speechSeconds: number;
    /** True if the neutral template needs more speech first. */
    readonly neutralSample: boolean;
  };
}

type Template = Pick<TemplateEntity, "modulationType" | "modulationKey">;

export const NEUTRAL: Template = { modulationType: "emotion", modulationKey: "neutral" };

/** Compares the recorded speech with the need. Returns null if no voice can be trained for the template. */
export function speechForTraining(
  template: Template,
  { own, neutral }: Pick<TemplateSpeech, "own" | "neutral">,
  now: Date,
): SpeechForTraining | null {
  if (!isTrainable(template)) return null;
  const speechSeconds = usableSeconds(own, now);
  const requiredSeconds = leastSpeechSeconds(template);
  return {
    ...{ speechSeconds, requiredSeconds },
    missing: {
      speechSeconds: Math.max(0, toHundredths(requiredSeconds - speechSeconds)),
      neutralSample:
        !isNeutral(template) && usableSeconds(neutral, now) < leastSpeechSeconds(NEUTRAL),
    },
  };
}

/** Measures have hundredths of seconds. The difference of two binary fractions has more digits. */
const toHundredths = (seconds: number): number => Number(seconds.toFixed(2));

/** Returns 0 after the consent has expired, also if no job has suspended the recordings yet. */
const usableSeconds = (speech: RecordedSpeech | null, now: Date): number =>
  speech && (speech.expiresAt === null || speech.expiresAt > now) ? speech.seconds : 0;
