import type { Chapter } from "./id3.js";

export const AudioFormat = { Mp3: "mp3", Opus: "opus", Wav: "wav" } as const;
export type AudioFormat = (typeof AudioFormat)[keyof typeof AudioFormat];

export const MEDIA_TYPES: Readonly<Record<AudioFormat, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/ogg; codecs=opus",
  wav: "audio/wav",
};

/** Facts that a file states at its start, before the first sample is known. */
export interface SoundFacts {
  readonly sampleRate: number;
  readonly sampleCount: number;
  readonly title: string;
  readonly chapters: readonly Chapter[];
}

/** Writes one file from start to end. */
export interface SoundEncoder {
  header(): Uint8Array;
  encode(chunk: Float32Array): Uint8Array;
  finish(): Uint8Array;
}
