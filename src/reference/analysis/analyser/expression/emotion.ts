import type { Emotion, EmotionScores } from "../document.js";
import { EmotionLabel } from "../document.js";
import { EMOTION_WORDS, INTENSIFIERS, NEGATIONS, VERB_EMOTIONS } from "../lexicon/emotion-words.js";
import { isHonorific } from "../lexicon/honorifics.js";
import type { SentimentScorer } from "./sentiment.js";
import type { Token } from "../text/tokens.js";

type Tally = Record<EmotionLabel, number>;

const LABELS = Object.values(EmotionLabel);
/** A negation at most three tokens before a word negates the word: "not at all happy". */
const NEGATION_WINDOW = 3;
/**
 * The score of "neutral" in a segment of at most 12 words. Longer segments have a higher score. A
 * segment is neutral if no emotion has a higher score than "neutral".
 */
const NEUTRAL_MASS = 0.35;
const VERB_PRIOR = 1.6;
/** The weight of VADER's valence. A clear emotion word of the lexicon has the weight 1. */
const SENTIMENT_MASS = 0.8;
const NEGATIVE: readonly EmotionLabel[] = ["sadness", "anger", "fear", "disgust"];

/**
 * Returns the emotion of a passage from three sources: the emotion words of the lexicon, VADER's
 * valence, and the emotion that the speech verb suggests. Negations and intensifiers change the
 * weights of the emotion words. A positive valence adds to joy. A negative valence is divided among
 * the negative emotions of the other sources, or adds to sadness if there are none.
 */
export function readEmotion(
  passage: readonly Token[],
  sentiment: SentimentScorer,
  speechVerb: string | null,
): Emotion {
  const tokens = passage.filter((token, at) => !isTitle(token, passage[at + 1]));
  const tally = tallyWords(tokens);
  const prior = speechVerb === null ? undefined : VERB_EMOTIONS.get(speechVerb);
  if (prior !== undefined) tally[prior] += VERB_PRIOR;
  const lexical = valenceOf(tally);
  const vader = sentiment.valenceOf(tokens);
  blendSentiment(tally, vader);
  const words = tokens.filter((token) => token.isWord).length;
  // In a long passage, one emotional word is not enough to make the whole passage emotional.
  tally.neutral = NEUTRAL_MASS + Math.max(0, words - 12) * 0.02;
  return emotionOf(tally, clamp(0.5 * lexical + 0.5 * vader, -1, 1));
}

/** True if the token is a title before a name. "Miss" in "Miss Hale" does not express a loss. */
function isTitle(token: Token, next: Token | undefined): boolean {
  return token.isCapital && next?.isCapital === true && isHonorific(token.lower);
}

function emptyTally(): Tally {
  return { neutral: 0, joy: 0, sadness: 0, anger: 0, fear: 0, surprise: 0, disgust: 0 };
}

function tallyWords(tokens: readonly Token[]): Tally {
  const tally = emptyTally();
  tokens.forEach((token, at) => {
    const feelings = EMOTION_WORDS.get(token.lower);
    if (feelings === undefined) return;
    const { isNegated, degree } = contextOf(tokens, at);
    for (const [feeling, weight] of feelings)
      addFeeling(tally, feeling, weight * degree, isNegated);
  });
  return tally;
}

function contextOf(
  tokens: readonly Token[],
  at: number,
): { readonly isNegated: boolean; readonly degree: number } {
  let isNegated = false;
  let degree = 1;
  for (let back = at - 1; back >= Math.max(0, at - NEGATION_WINDOW); back -= 1) {
    const token = tokens[back];
    if (token === undefined || /[.!?;:—]/u.test(token.text)) break;
    isNegated ||= NEGATIONS.has(token.lower);
    if (back >= at - 2) degree *= INTENSIFIERS.get(token.lower) ?? 1;
  }
  return { isNegated, degree };
}

/**
 * Adds the emotion of a word to the tally. "Not happy" adds a little sadness. "Not afraid" adds
 * nothing.
 */
function addFeeling(tally: Tally, feeling: EmotionLabel, weight: number, isNegated: boolean): void {
  if (!isNegated) tally[feeling] += weight;
  else if (feeling === EmotionLabel.Joy) tally.sadness += weight * 0.6;
}

function valenceOf(tally: Tally): number {
  const negative = NEGATIVE.reduce((sum, label) => sum + tally[label], 0);
  const total = tally.joy + negative + tally.surprise;
  return total === 0 ? 0 : ((tally.joy - negative) / total) * Math.min(1, total / 1.5);
}

function blendSentiment(tally: Tally, valence: number): void {
  if (valence > 0) {
    tally.joy += valence * SENTIMENT_MASS;
    return;
  }
  const negative = NEGATIVE.reduce((sum, label) => sum + tally[label], 0);
  const mass = -valence * SENTIMENT_MASS;
  if (negative === 0) tally.sadness += mass * 0.7;
  else for (const label of NEGATIVE) tally[label] += (mass * tally[label]) / negative;
}

function emotionOf(tally: Tally, valence: number): Emotion {
  const total = LABELS.reduce((sum, label) => sum + tally[label], 0);
  const scores: EmotionScores = {
    neutral: round(tally.neutral / total),
    joy: round(tally.joy / total),
    sadness: round(tally.sadness / total),
    anger: round(tally.anger / total),
    fear: round(tally.fear / total),
    surprise: round(tally.surprise / total),
    disgust: round(tally.disgust / total),
  };
  const label = LABELS.reduce((best, next) => (tally[next] > tally[best] ? next : best));
  const intensity =
    label === EmotionLabel.Neutral ? 0 : round(clamp(tally[label] / (tally[label] + 1), 0, 1));
  return { label, intensity, valence: round(valence), scores };
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
