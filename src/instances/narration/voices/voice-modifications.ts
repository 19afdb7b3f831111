import { z } from "zod";
import { printableText } from "../../../platform/input/parse-input.js";
import { emotionKeyOf } from "../../../reference/index.js";

/**
 * Returns a function that returns true if a list names each item only once. Two changes of one item
 * would contradict each other.
 */
const namesEachOnce =
  <T>(nameOf: (entry: T) => string) =>
  (entries: readonly T[]): boolean =>
    new Set(entries.map(nameOf)).size === entries.length;
const TWICE = "lists the same item twice; keep one entry";

export const MOST_ENTRIES = { emotions: 50, characters: 200, lexicon: 500 } as const;

/** The key of a word in the lexicon. */
export const wordKeyOf = (word: string): string => word.toLowerCase();

/** The key of an emotion. Case and spaces around the name do not matter. */
export const emotionName = printableText(60).transform(emotionKeyOf);

const bounded = (min: number, max: number) =>
  z.number().min(min, `is below ${min}`).max(max, `is above ${max}`).nullish();

/**
 * Changes to a delivery. Each change applies on top of earlier changes: factors multiply, semitones and
 * decibels add.
 */
const deliverySchema = z.object({
  /** Speaking rate, a factor. */
  rate: bounded(0.5, 2),
  /** Mean pitch, in semitones. */
  pitch: bounded(-12, 12),
  /** Pitch range, a factor. */
  range: bounded(0, 3),
  /** Loudness, in dB. */
  gain: bounded(-20, 20),
  /** Length of pauses, a factor. */
  pauses: bounded(0, 4),
});

export const modificationsSchema = deliverySchema.extend({
  emotions: z
    .array(deliverySchema.extend({ emotion: emotionName }))
    .max(MOST_ENTRIES.emotions, `has more than ${MOST_ENTRIES.emotions} entries`)
    .refine(
      namesEachOnce<{ emotion: string }>(({ emotion }) => emotion),
      TWICE,
    )
    .optional(),
  characters: z
    .array(deliverySchema.extend({ characterId: z.string().min(1).max(200) }))
    .max(MOST_ENTRIES.characters, `has more than ${MOST_ENTRIES.characters} entries`)
    .refine(
      namesEachOnce<{ characterId: string }>(({ characterId }) => characterId),
      TWICE,
    )
    .optional(),
  /** Words with a pronunciation that differs from their spelling. */
  lexicon: z
    .array(
      z.object({
        word: printableText(100),
        saidAs: printableText(200),
      }),
    )
    .max(MOST_ENTRIES.lexicon, `has more than ${MOST_ENTRIES.lexicon} entries`)
    .refine(
      namesEachOnce<{ word: string }>(({ word }) => wordKeyOf(word)),
      TWICE,
    )
    .optional(),
});

export type VoiceModifications = z.output<typeof modificationsSchema>;

/**
 * Returns the modifications without members that have no effect: null, and empty lists. So equal
 * modifications have equal JSON.
 */
export function tidyModifications(modifications: VoiceModifications): VoiceModifications {
  const { emotions = [], characters = [], lexicon = [], ...delivery } = modifications;
  return {
    ...tidyDelivery(delivery),
    ...(emotions.length > 0 ? { emotions: emotions.map(tidyDelivery) } : {}),
    ...(characters.length > 0 ? { characters: characters.map(tidyDelivery) } : {}),
    ...(lexicon.length > 0 ? { lexicon } : {}),
  };
}

/** Returns a delivery without the settings that have no effect. */
export const tidyDelivery = <T extends object>(delivery: T): T =>
  Object.fromEntries(
    Object.entries(delivery).filter(([, setting]) => setting !== null && setting !== undefined),
  ) as T;
