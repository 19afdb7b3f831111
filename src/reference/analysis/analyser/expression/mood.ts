import type { Atmospheres } from "./atmosphere.js";
import type { EmotionLabel, Mood, MoodLabel, Segment } from "../document.js";
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
const FELT: readonly (readonly [mood: MoodLabel, feeling: Feeling, plain: number])[] = [
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
const EVOKED: readonly (readonly [mood: MoodLabel & keyof Atmospheres, plain: number])[] = [
  ["eerie", 10],
  ["mysterious", 4],
  ["tender", 11],
  ["playful", 6],
  ["adventurous", 9],
];

/**
 * The least strength of a text's mood. The strength is 1 if a reader clearly notices the mood. If no mood
 * is stronger than this value, the text is calm.
 */
const LEAST_STRENGTH = 0.5;
/**
 * The weight of narration. Dialogue has the weight 1. Characters speak in many moods, but the
 * narration keeps the mood of the story.
 */
const NARRATION_WEIGHT = 2;

/**
 * Finds the strongest mood of a whole text. Reads segment by segment. Moods come from the emotions of segments and from
 * words. A long segment counts more than a short one, and narration counts twice. The strength of a
 * mood is relative to its `plain` value.
 */
export class MoodReader {
  readonly #length: number;
  readonly #felt: Record<Feeling, number> = {
    joy: 0,
    sadness: 0,
    anger: 0,
    fear: 0,
    surprise: 0,
    disgust: 0,
  };
  #weight = 0;
  #valence = 0;
  #stirred = 0;

  /** @param length the length of all segments together */
  constructor(length: number) {
    this.#length = length;
  }

  add({ start, end, kind, emotion }: Segment): void {
    const length = end - start;
    const share = length / this.#length;
    this.#valence += emotion.valence * share;
    if (emotion.label !== "neutral")
      this.#stirred += AROUSAL[emotion.label] * emotion.intensity * share;
    const weight = kind === SegmentKind.Narration ? NARRATION_WEIGHT : 1;
    for (const [, feeling] of FELT)
      this.#felt[feeling] += emotion.scores[feeling] * length * weight;
    this.#weight += length * weight;
  }

  mood(atmospheres: Atmospheres): Mood {
    if (this.#length === 0) return { label: "calm", valence: 0, arousal: 0 };
    const arousal = clamp(AROUSAL.neutral + this.#stirred * 2, 0, 1);
    return {
      label: this.#findStrongest(atmospheres),
      valence: round(clamp(this.#valence, -1, 1)),
      arousal: round(arousal),
    };
  }

  #findStrongest(atmospheres: Atmospheres): MoodLabel {
    const strengths: readonly (readonly [MoodLabel, number])[] = [
      ...FELT.map(
        ([mood, feeling, plain]) => [mood, this.#felt[feeling] / this.#weight / plain] as const,
      ),
      ...EVOKED.map(([mood, plain]) => [mood, atmospheres[mood] / plain] as const),
    ];
    let best: MoodLabel = "calm";
    let most = LEAST_STRENGTH;
    for (const [mood, strength] of strengths) {
      if (strength > most) [best, most] = [mood, strength];
    }
    return best;
  }
}
