import type { Emotion, EmotionLabel, Mood } from "./document.js";
import { clamp, round } from "./emotion.js";

interface Felt {
  readonly emotion: Emotion;
  readonly length: number;
}

/** How much each emotion stirs, after its place on Russell's circumplex (1980). */
const AROUSAL: Readonly<Record<EmotionLabel, number>> = {
  neutral: 0.1,
  joy: 0.6,
  sadness: 0.3,
  anger: 0.9,
  fear: 0.8,
  surprise: 0.7,
  disgust: 0.5,
};

const MOOD_OF: Readonly<Record<EmotionLabel, string>> = {
  neutral: "calm",
  joy: "cheerful",
  sadness: "melancholy",
  anger: "tense",
  fear: "dark",
  surprise: "mysterious",
  disgust: "bitter",
};

/** An emotion sets the mood when it has this share of what is felt at all. */
const PREVAILING_SHARE = 0.02;

/** The whole text's mood: its segments' emotions weighted by their length. */
export function moodOf(felt: readonly Felt[]): Mood {
  const total = felt.reduce((sum, { length }) => sum + length, 0);
  if (total === 0) return { label: MOOD_OF.neutral, valence: 0, arousal: 0 };
  const shares = new Map<EmotionLabel, number>();
  let valence = 0;
  for (const { emotion, length } of felt) {
    const { label, intensity } = emotion;
    shares.set(label, (shares.get(label) ?? 0) + (intensity * length) / total);
    valence += (emotion.valence * length) / total;
  }
  const feelings = [...shares].filter(([label]) => label !== "neutral").sort((a, b) => b[1] - a[1]);
  const strongest = feelings[0];
  const label =
    strongest !== undefined && strongest[1] >= PREVAILING_SHARE ? strongest[0] : "neutral";
  const stirred = feelings.reduce((sum, [feeling, share]) => sum + AROUSAL[feeling] * share, 0);
  const arousal = clamp(AROUSAL.neutral + stirred * 2, 0, 1);
  return { label: MOOD_OF[label], valence: round(clamp(valence, -1, 1)), arousal: round(arousal) };
}
