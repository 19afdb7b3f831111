import type { Sound } from "../../src/audio/signal/wav.js";
import { wavOf } from "./recorded-files.js";

/** A number of a WAV header that is replaced by a lie. */
interface Lie {
  readonly at: number;
  readonly bytes: 2 | 4;
  readonly value: number;
}

const CHANNELS = 22;
const SAMPLE_RATE = 24;
const FRAME_BYTES = 32;
const BITS = 34;
const DATA_BYTES = 40;

const short = (at: number, value: number): Lie => ({ at, bytes: 2, value });
const long = (at: number, value: number): Lie => ({ at, bytes: 4, value });

const LIES: Readonly<Record<string, Lie>> = {
  "format 0": short(20, 0),
  "format 85, which is mp3": short(20, 85),
  "format 3 with 16 bits": short(20, 3),
  "format 2, which is ADPCM": short(20, 2),
  "0 channels": short(CHANNELS, 0),
  "255 channels": short(CHANNELS, 255),
  "65535 channels": short(CHANNELS, 65_535),
  "0 Hz": long(SAMPLE_RATE, 0),
  "1 Hz": long(SAMPLE_RATE, 1),
  "16001 Hz": long(SAMPLE_RATE, 16_001),
  "4 GHz": long(SAMPLE_RATE, 4_294_967_295),
  "frames of 0 bytes": short(FRAME_BYTES, 0),
  "frames of 3 bytes": short(FRAME_BYTES, 3),
  "frames of 65535 bytes": short(FRAME_BYTES, 65_535),
  "0 bits": short(BITS, 0),
  "12 bits": short(BITS, 12),
  "255 bits": short(BITS, 255),
  "no bytes of sound": long(DATA_BYTES, 0),
  "7 bytes of sound": long(DATA_BYTES, 7),
  "a format of 4 GB": long(16, 4_294_967_295),
  "a format of 2 bytes": long(16, 2),
  "no format": long(12, 0x4b4e554a),
  "no data": long(36, 0x4b4e554a),
  "a file of 0 bytes": long(4, 0),
};

/** Makes WAV files whose headers lie, and files whose samples are not numbers. */
export function wavLies(speech: Sound): readonly (readonly [string, Uint8Array])[] {
  const file = wavOf(speech, { code: 1, bits: 16, channels: 1 });
  const float = wavOf(speech, { code: 3, bits: 32, channels: 1 });
  return [
    ...Object.entries(LIES).map(([name, lie]) => [name, lied(file, lie)] as const),
    ["samples that are not numbers", samplesOf(float, NaN)],
    ["infinite samples", samplesOf(float, Infinity)],
    ["samples of 1e30", samplesOf(float, 1e30)],
    ["a WAV file inside a WAV file, a hundred times", nested(100)],
  ];
}

function lied(file: Uint8Array, { at, bytes, value }: Lie): Uint8Array {
  const lying = Buffer.from(file);
  lying.writeUIntLE(value, at, bytes);
  return lying;
}

function samplesOf(file: Uint8Array, value: number): Uint8Array {
  const lying = Buffer.from(file);
  for (let at = 44; at + 4 <= lying.length; at += 4) lying.writeFloatLE(value, at);
  return lying;
}

function nested(depth: number): Uint8Array {
  const head = Buffer.from("RIFF\xff\xff\xff\x7fWAVEdata\xff\xff\xff\x7f", "latin1");
  return Buffer.concat(Array<Buffer>(depth).fill(head));
}
