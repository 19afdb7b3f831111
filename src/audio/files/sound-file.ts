import type { Chapter } from "./id3.js";

export const AudioFormat = { Mp3: "mp3", Opus: "opus", Wav: "wav" } as const;
export type AudioFormat = (typeof AudioFormat)[keyof typeof AudioFormat];

export const MEDIA_TYPES: Readonly<Record<AudioFormat, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/ogg; codecs=opus",
  wav: "audio/wav",
};

/**
 * The facts that are written at the start of a file. They must be known before the first sample is
 * encoded.
 */
export interface SoundFacts {
  readonly sampleRate: number;
  readonly sampleCount: number;
  readonly title: string;
  readonly chapters: readonly Chapter[];
}

/**
 * Encodes one file. Call `header`, then `encode` for each chunk, then `finish`. The file consists
 * of the bytes of these calls, in this order.
 */
export interface SoundEncoder {
  header(): Uint8Array;
  encode(chunk: Float32Array): Uint8Array;
  finish(): Uint8Array;
}
