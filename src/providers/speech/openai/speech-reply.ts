import { levelDb, trimSilence } from "../../../audio/signal/silence.js";
import { type Sound, fromInt16, parseWav } from "../../../audio/signal/wav.js";
import { FabulaError, ProviderError } from "../../../platform/errors.js";

/** `pcm` has no header, 16 bits a sample and 24 kHz. */
export type ReplyFormat = "wav" | "pcm";

export const PCM_RATE = 24_000;
/** Nobody speaks faster. A shorter sound was cut off. */
const MOST_CHARS_A_SECOND = 45;
const LEAST_CHARS_TO_JUDGE = 40;

/** The request, used to check the reply. */
export interface Asked {
  /** The provider's name, for error messages. */
  readonly name: string;
  readonly format: ReplyFormat;
  readonly input: string;
  readonly speed: number;
}

/**
 * Reads the sound of a reply.
 * @throws ProviderError, retryable, for a reply that is not sound, is incomplete or is silent
 */
export function readSound(bytes: Uint8Array, asked: Asked): Sound {
  const { name, format, input, speed } = asked;
  const broken = (what: string, cause?: unknown) =>
    new ProviderError(`${name} answered with ${what}.`, true, { cause });
  const sound = trimSilence(decode(format, bytes, broken));
  if (!(levelDb(sound.pcm) > -70)) throw broken("silence");
  const seconds = sound.pcm.length / sound.sampleRate;
  const isShort = seconds * MOST_CHARS_A_SECOND * speed < input.length;
  if (isShort && input.length > LEAST_CHARS_TO_JUDGE) {
    throw broken(`${seconds.toFixed(1)} s of sound for ${input.length} characters`);
  }
  return sound;
}

function decode(
  format: ReplyFormat,
  bytes: Uint8Array,
  broken: (what: string, cause?: unknown) => ProviderError,
): Sound {
  if (format === "pcm") {
    if (bytes.length % 2 !== 0) throw broken("half a sample");
    return { pcm: fromInt16(new Int16Array(new Uint8Array(bytes).buffer)), sampleRate: PCM_RATE };
  }
  try {
    return parseWav(bytes);
  } catch (error) {
    if (!(error instanceof FabulaError)) throw error;
    throw broken(`something other than sound: ${error.message.replace(/\.$/, "")}`, error);
  }
}
