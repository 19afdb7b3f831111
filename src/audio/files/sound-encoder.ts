import { mp3Encoder } from "./mp3.js";
import { createOpusEncoder } from "./opus.js";
import type { AudioFormat, SoundEncoder, SoundFacts } from "./sound-file.js";
import { toInt16, writeWavHeader } from "../signal/wav.js";

const ENCODERS: Readonly<Record<AudioFormat, (facts: SoundFacts) => Promise<SoundEncoder>>> = {
  mp3: mp3Encoder,
  opus: async (facts) => createOpusEncoder(facts),
  wav: async ({ sampleCount, sampleRate }) => ({
    header: () => writeWavHeader(sampleCount, sampleRate),
    encode: (chunk) => new Uint8Array(toInt16(chunk).buffer),
    finish: () => new Uint8Array(0),
  }),
};

/** Creates the encoder for one file. The same chunks and facts give the same bytes. */
export function createSoundEncoder(format: AudioFormat, facts: SoundFacts): Promise<SoundEncoder> {
  return ENCODERS[format](facts);
}
