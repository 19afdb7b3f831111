import type { Sound } from "../../../audio/signal/wav.js";
import type { Degradation, Speech, SpokenWord } from "../speech.port.js";

/** The sample rate of sound that a vendor sends without a header. */
export const PCM_RATE = 24_000;

/** A part of a text, as one request said it. */
export interface SpokenPiece {
  /** UTF-16 offset into the whole text. */
  readonly start: number;
  readonly sound: Sound;
  /** Offsets from the start of the piece, times from the start of its sound. */
  readonly words: readonly SpokenWord[];
}

const BETWEEN_PIECES_MS = 200;

const silence = () => new Float32Array(PCM_RATE / 5);

/** Joins the pieces of a text, with a short pause between them. Without any piece, the sound is silent. */
export function joinPieces(
  pieces: readonly SpokenPiece[],
  degraded: readonly Degradation[],
): Pick<Speech, "pcm" | "sampleRate" | "words" | "degraded"> {
  const [first] = pieces;
  if (!first) {
    const reason = "The text has no words, only signs: it is silent.";
    return {
      ...{ pcm: silence(), sampleRate: PCM_RATE, words: [] },
      degraded: [...degraded, { feature: "text", reason }],
    };
  }
  const { sampleRate } = first.sound;
  const gap = Math.round((BETWEEN_PIECES_MS / 1000) * sampleRate);
  const lengths = pieces.map(({ sound }) => sound.pcm.length);
  const pcm = new Float32Array(
    lengths.reduce((sum, length) => sum + length, gap * (pieces.length - 1)),
  );
  let position = 0;
  const words = pieces.flatMap(({ start, sound, words: spoken }) => {
    pcm.set(sound.pcm, position);
    const offsetMs = (position / sampleRate) * 1000;
    position += sound.pcm.length + gap;
    return spoken.map((word) => ({
      text: word.text,
      start: word.start + start,
      end: word.end + start,
      startMs: word.startMs + offsetMs,
      endMs: word.endMs + offsetMs,
    }));
  });
  return { pcm, sampleRate, words, degraded };
}
