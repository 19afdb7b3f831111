import type { Chapter } from "./id3.js";
import { mp3Encoder } from "./mp3.js";
import { opusEncoder } from "./opus.js";
import { toInt16, wavHeader } from "../signal/wav.js";

export const AudioFormat = { Mp3: "mp3", Opus: "opus", Wav: "wav" } as const;
export type AudioFormat = (typeof AudioFormat)[keyof typeof AudioFormat];

export const MEDIA_TYPES: Readonly<Record<AudioFormat, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/ogg; codecs=opus",
  wav: "audio/wav",
};

/** What a file says in front, before the first sample is known. */
export interface SoundFacts {
  readonly sampleRate: number;
  readonly sampleCount: number;
  readonly title: string;
  readonly chapters: readonly Chapter[];
}

/** One file, written from front to back. */
export interface SoundEncoder {
  header(): Uint8Array;
  encode(chunk: Float32Array): Uint8Array;
  finish(): Uint8Array;
}

const ENCODERS: Readonly<Record<AudioFormat, (facts: SoundFacts) => Promise<SoundEncoder>>> = {
  mp3: mp3Encoder,
  opus: async (facts) => opusEncoder(facts),
  wav: async ({ sampleCount, sampleRate }) => ({
    header: () => wavHeader(sampleCount, sampleRate),
    encode: (chunk) => new Uint8Array(toInt16(chunk).buffer),
    finish: () => new Uint8Array(0),
  }),
};

/** An encoder for one file. The same chunks give the same bytes. */
export function createSoundEncoder(format: AudioFormat, facts: SoundFacts): Promise<SoundEncoder> {
  return ENCODERS[format](facts);
}
