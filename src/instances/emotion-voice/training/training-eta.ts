import { EmotionVoiceKind } from "../emotion-voice.entity.js";
import type { Awaited } from "../emotion-voice.store.js";
import { MOST_SPEECH_SECONDS } from "./training-samples.store.js";

/**
 * How many seconds a training takes here for each second of speech. 30 s of neutral speech must be trained within
 * 15 s on one core. An emotion is only measured.
 */
const ADAPTATION = { neutral: 0.4, emotion: 0.1 } as const;
/** How long a vendor takes to clone a voice. */
const CLONING_SECONDS = 15;

/**
 * Estimates how many seconds are left until an emotion voice is trained. The emotion voices of one personal
 * voice are trained one after another. Returns null for an emotion voice that is not in training.
 */
export function etaSecondsOf(awaited: readonly Awaited[], id: string, now: Date): number | null {
  const asked = awaited.find((each) => each.id === id);
  if (!asked) return null;
  const queue = awaited.filter(({ voiceId }) => voiceId === asked.voiceId);
  const ahead = queue.slice(0, queue.indexOf(asked) + 1);
  const [first = asked] = ahead;
  const elapsedSeconds = (now.getTime() - first.since.getTime()) / 1000;
  const seconds = ahead.reduce((sum, each) => sum + durationOf(each), 0);
  // A training that takes longer than its estimate may end at any moment.
  const rest = seconds - Math.min(elapsedSeconds, durationOf(first));
  return Math.max(1, Math.round(rest));
}

function durationOf({ kind, isNeutral, speechSeconds }: Awaited): number {
  if (kind === EmotionVoiceKind.Cloned) return CLONING_SECONDS;
  const perSecond = isNeutral ? ADAPTATION.neutral : ADAPTATION.emotion;
  return 1 + perSecond * Math.min(speechSeconds, MOST_SPEECH_SECONDS);
}
