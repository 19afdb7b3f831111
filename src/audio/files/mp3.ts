import { createMp3Encoder } from "wasm-media-encoders";
import { concat } from "../signal/bytes.js";
import { amplify } from "../signal/gain.js";
import { writeId3Tag } from "./id3.js";
import { Scratch } from "../signal/scratch.js";
import type { SoundEncoder, SoundFacts } from "./sound-file.js";

const BITRATE_KBPS = 64;
/** Samples in a frame of MPEG-2 layer III, the variant for 16 and 24 kHz. */
const FRAME_SAMPLES = 576;
/** LAME, the mp3 encoder, multiplies its input by 0.95. This gain restores the level. */
const LAME_SCALE_DB = -20 * Math.log10(0.95);
/**
 * The number of silent samples that LAME puts before the sound. Decoders add another 529 samples,
 * but also remove these 529.
 */
const ENCODER_DELAY = 576;
const MPEG2_MONO_SIDE_INFO_BYTES = 9;
const FRAME_HEADER_BYTES = 4;
const RATE_INDEX = new Map([
  [24_000, 1],
  [16_000, 2],
]);
/** The number in a frame header that means 64 kbps in MPEG-2. */
const BITRATE_INDEX = 8;

/**
 * Creates an encoder for mp3 with constant bitrate. With a variable bitrate, the encoder writes a
 * header that reports a wrong duration. The file starts with an ID3 tag, which contains the title
 * and the chapters. An Info frame follows, which contains the length and the padding: with this
 * frame, players seek exactly and remove the delay.
 */
export async function mp3Encoder(facts: SoundFacts): Promise<SoundEncoder> {
  const { sampleRate } = facts;
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate: mp3Rate(sampleRate), bitrate: BITRATE_KBPS });
  const scratch = new Scratch();
  return {
    header: () => concat([writeId3Tag(facts.title, facts.chapters), infoFrame(facts)]),
    encode: (chunk) => {
      if (chunk.length === 0) return new Uint8Array(0);
      const scaled = amplify(chunk, LAME_SCALE_DB, scratch.take(chunk.length));
      // The encoder returns the same buffer each time and overwrites its bytes, so copy them.
      return encoder.encode([scaled]).slice();
    },
    finish: () => encoder.finalize().slice(),
  };
}

function mp3Rate(sampleRate: number): 16_000 | 24_000 {
  if (sampleRate === 16_000 || sampleRate === 24_000) return sampleRate;
  throw new Error(`mp3 files have 16 or 24 kHz, not ${sampleRate} Hz; resample the sound first.`);
}

/**
 * Returns a silent frame that describes the file. The frame contains Xing's header (number of
 * frames and bytes) and LAME's extension (delay and padding),
 * http://gabriel.mp3-tech.org/mp3infotag.html.
 */
function infoFrame({ sampleRate, sampleCount }: SoundFacts): Uint8Array {
  const frameBytes = ((FRAME_SAMPLES / 8) * BITRATE_KBPS * 1000) / sampleRate;
  const frames = audioFrames(sampleCount);
  const padding = frames * FRAME_SAMPLES - sampleCount - ENCODER_DELAY;
  const bytes = new Uint8Array(frameBytes);
  const view = new DataView(bytes.buffer);
  // The frame header: sync, MPEG-2, layer III, no checksum; bitrate and sample rate; mono.
  bytes.set([0xff, 0xf3, (BITRATE_INDEX << 4) | ((RATE_INDEX.get(sampleRate) ?? 0) << 2), 0xc4]);
  const tag = FRAME_HEADER_BYTES + MPEG2_MONO_SIDE_INFO_BYTES;
  bytes.set(new TextEncoder().encode("Info"), tag);
  // These flags announce the number of frames, the number of bytes and a table of contents.
  view.setUint32(tag + 4, 0b111);
  view.setUint32(tag + 8, frames);
  view.setUint32(tag + 12, (frames + 1) * frameBytes);
  for (let percent = 0; percent < 100; percent++) {
    bytes[tag + 16 + percent] = Math.floor((percent * 256) / 100);
  }
  const lame = tag + 116;
  bytes.set(new TextEncoder().encode("LAME3.100"), lame);
  bytes[lame + 21] = ENCODER_DELAY >> 4;
  bytes[lame + 22] = ((ENCODER_DELAY & 15) << 4) | (padding >> 8);
  bytes[lame + 23] = padding & 255;
  return bytes;
}

/**
 * Returns the number of frames that LAME makes. In addition to the frames of the sound, LAME makes
 * one frame for its delay and one frame when it is flushed.
 */
const audioFrames = (sampleCount: number) => Math.ceil(sampleCount / FRAME_SAMPLES) + 2;
