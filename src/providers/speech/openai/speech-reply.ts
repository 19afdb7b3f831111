import { levelDb, trimSilence } from "../../../audio/signal/silence.js";
import { type Sound, fromInt16, parseWav } from "../../../audio/signal/wav.js";
import { FabulaError, ProviderError } from "../../../platform/errors.js";

/** `pcm` is headless, 16 bit, 24 kHz. */
export type ReplyFormat = "wav" | "pcm";

export const PCM_RATE = 24_000;
/** Nobody says more; a shorter sound was cut off. */
const MOST_CHARS_A_SECOND = 45;
const LEAST_CHARS_TO_JUDGE = 40;

/** What was asked for, to judge the reply by. */
export interface Asked {
  /** The provider, for messages. */
  readonly name: string;
  readonly format: ReplyFormat;
  readonly input: string;
  readonly speed: number;
}

/** @throws ProviderError, retryable, for what is not the whole of a sound that says something */
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
    throw broken(`something else than sound: ${error.message.replace(/\.$/, "")}`, error);
  }
}
