import type { Atmospheres } from "./atmosphere.js";
import type { EmotionLabel, Mood, Segment } from "../document.js";
import { SegmentKind } from "../document.js";
import { clamp, round } from "./emotion.js";

/** The arousal of each emotion, from the emotion's place on Russell's circumplex (1980). */
const AROUSAL: Readonly<Record<EmotionLabel, number>> = {
  neutral: 0.1,
  joy: 0.6,
  sadness: 0.3,
  anger: 0.9,
  fear: 0.8,
  surprise: 0.7,
  disgust: 0.5,
};

type Feeling = Exclude<EmotionLabel, "neutral">;

/**
 * The mood that each emotion creates. `plain` is the average score of the emotion in the text, 0-1,
 * at which a reader clearly notices the mood.
 */
const FELT: readonly (readonly [mood: string, feeling: Feeling, plain: number])[] = [
  ["cheerful", "joy", 0.18],
  ["melancholy", "sadness", 0.14],
  ["tense", "anger", 0.12],
  ["dark", "fear", 0.12],
  ["mysterious", "surprise", 0.1],
  ["bitter", "disgust", 0.05],
];

/**
 * The moods that words evoke. `plain` is how many words in a thousand must evoke the mood before a
 * reader clearly notices the mood.
 */
const EVOKED: readonly (readonly [mood: keyof Atmospheres, plain: number])[] = [
  ["eerie", 10],
  ["mysterious", 4],
  ["tender", 11],
  ["playful", 6],
  ["adventurous", 9],
];

/**
 * The share of its `plain` value that a mood must exceed. If no mood exceeds this share, the text
 * is calm.
 */
const LEAST_STRENGTH = 0.5;
/**
 * The weight of narration. Dialogue has the weight 1. Characters speak in many moods, but the
 * narration keeps the mood of the story.
 */
const NARRATION_WEIGHT = 2;

/**
 * Returns the strongest mood of the whole text. Moods come from the emotions of segments and from
 * words. A long segment counts more than a short one, and narration counts twice. The strength of a
 * mood is relative to its `plain` value.
 */
export function readMood(segments: readonly Segment[], atmospheres: Atmospheres): Mood {
  const total = segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
  if (total === 0) return { label: "calm", valence: 0, arousal: 0 };
  let valence = 0;
  let stirred = 0;
  for (const segment of segments) {
    const { label, intensity } = segment.emotion;
    const share = lengthOf(segment) / total;
    valence += segment.emotion.valence * share;
    if (label !== "neutral") stirred += AROUSAL[label] * intensity * share;
  }
  const arousal = clamp(AROUSAL.neutral + stirred * 2, 0, 1);
  return {
    label: findStrongestMood(segments, atmospheres),
    valence: round(clamp(valence, -1, 1)),
    arousal: round(arousal),
  };
}

function findStrongestMood(segments: readonly Segment[], atmospheres: Atmospheres): string {
  const strengths: readonly (readonly [string, number])[] = [
    ...FELT.map(([mood, feeling, plain]) => [mood, shareOf(segments, feeling) / plain] as const),
    ...EVOKED.map(([mood, plain]) => [mood, atmospheres[mood] / plain] as const),
  ];
  let best = "calm";
  let most = LEAST_STRENGTH;
  for (const [mood, strength] of strengths) {
    if (strength > most) [best, most] = [mood, strength];
  }
  return best;
}

function shareOf(segments: readonly Segment[], feeling: Feeling): number {
  let felt = 0;
  let total = 0;
  for (const segment of segments) {
    const weight = segment.kind === SegmentKind.Narration ? NARRATION_WEIGHT : 1;
    felt += segment.emotion.scores[feeling] * lengthOf(segment) * weight;
    total += lengthOf(segment) * weight;
  }
  return felt / total;
}

function lengthOf({ start, end }: Segment): number {
  return end - start;
}
