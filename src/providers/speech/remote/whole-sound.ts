import { findSound, levelDb } from "../../../audio/signal/silence.js";
import type { Sound } from "../../../audio/signal/wav.js";
import { ProviderError } from "../../../platform/errors.js";

/** No voice says more characters per second at speed 1. If a sound has more, its end is missing. */
const MOST_CHARS_A_SECOND = 45;
const LEAST_CHARS_TO_JUDGE = 40;
const SILENT_DB = -70;

/** The request of a sound. `name` is the provider's name, for error messages. */
export interface Asked {
  readonly name: string;
  readonly input: string;
  readonly speed: number;
}

/**
 * Removes the silence at both ends of a sound. Also returns how much it removed at the start.
 * @throws ProviderError, retryable, if the sound is silent or much too short for the text
 */
export function requireWholeSound(
  whole: Sound,
  { name, input, speed }: Asked,
): { readonly sound: Sound; readonly trimmedMs: number } {
  const broken = (what: string) => new ProviderError(`${name} answered with ${what}.`, true);
  const { sampleRate } = whole;
  const [from, to] = findSound(whole);
  const pcm = whole.pcm.slice(from, to);
  if (!(levelDb(pcm) > SILENT_DB)) throw broken("silence");
  const seconds = pcm.length / sampleRate;
  const isShort = seconds * MOST_CHARS_A_SECOND * speed < input.length;
  if (isShort && input.length > LEAST_CHARS_TO_JUDGE) {
    throw broken(`${seconds.toFixed(1)} s of sound for ${input.length} characters`);
  }
  return { sound: { pcm, sampleRate }, trimmedMs: (from / sampleRate) * 1000 };
}
