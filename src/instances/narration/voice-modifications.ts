import { z } from "zod";

const bounded = (min: number, max: number) =>
  z.number().min(min, `is below ${min}`).max(max, `is above ${max}`).nullish();

/**
 * Changes to a delivery, each over what came before: factors multiply, semitones and decibels add.
 */
const deliverySchema = z.object({
  /** Speaking rate, x. */
  rate: bounded(0.5, 2),
  /** Mean pitch, semitones. */
  pitch: bounded(-12, 12),
  /** Pitch range, x. */
  range: bounded(0, 3),
  /** Loudness, dB. */
  gain: bounded(-20, 20),
  /** Length of pauses, x. */
  pauses: bounded(0, 4),
});

export const modificationsSchema = deliverySchema.extend({
  emotions: z
    .array(deliverySchema.extend({ emotion: z.string().trim().min(1).max(60) }))
    .max(50, "has more than 50 entries")
    .optional(),
  characters: z
    .array(deliverySchema.extend({ characterId: z.string().min(1).max(200) }))
    .max(200, "has more than 200 entries")
    .optional(),
  /** Words said otherwise than they are written. */
  lexicon: z
    .array(
      z.object({
        word: z.string().trim().min(1, "is empty").max(100),
        saidAs: z.string().trim().min(1, "is empty").max(200),
      }),
    )
    .max(500, "has more than 500 entries")
    .optional(),
});

export type Delivery = z.output<typeof deliverySchema>;
export type VoiceModifications = z.output<typeof modificationsSchema>;
