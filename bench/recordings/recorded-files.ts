import { readFile } from "node:fs/promises";
import OpusScript from "opusscript";
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  Output,
  type OutputFormat,
  WebMOutputFormat,
} from "mediabunny";
import { createMp3Encoder, createOggEncoder } from "wasm-media-encoders";
import { createSoundEncoder } from "../../src/audio/files/sound-encoder.js";
import type { AudioFormat } from "../../src/audio/files/sound-file.js";
import { concat } from "../../src/audio/signal/bytes.js";
import { resolveProsody } from "../../src/audio/delivery/prosody.js";
import { levelDb } from "../../src/audio/signal/silence.js";
import { fliteSpeech } from "../../src/providers/speech/flite/flite.js";
import { speak } from "../../src/providers/speech/flite/flite.worker.js";
import { seededRandom } from "./seeded-random.js";
import { resample } from "../../src/audio/signal/resample.js";
import { type Sound, encodeWav, toInt16 } from "../../src/audio/signal/wav.js";
import { runFlite } from "../../src/providers/speech/flite/flite.engine.js";

export const VOICES = ["slt", "rms", "awb"] as const;
export type Voice = (typeof VOICES)[number];

/** About five seconds of speech. */
const TEXT = "The lamp turned slowly over the dark water, and nobody saw the small boat come home.";

/** Says the text with flite, at 16 kHz. */
export async function speechOf(voice: Voice): Promise<Sound> {
  const { pcm, sampleRate } = await runFlite(TEXT, { voice });
  return { pcm: Float32Array.from(pcm), sampleRate };
}

/** Whispers the text with the code that narrations whisper with. */
export async function whisperOf(voice: Voice): Promise<Sound> {
  const prosody = resolveProsody({ emotion: "whisper", intensity: 1 });
  const request = { text: TEXT, voice: `flite:${voice}`, language: "en", prosody };
  const { pcm, sampleRate } = await fliteSpeech(speak).synthesize(
    request,
    new AbortController().signal,
  );
  return { pcm: Float32Array.from(pcm), sampleRate };
}

/** Adds white noise, and half a second of only noise at both ends. */
export function noisy({ pcm, sampleRate }: Sound, snrDb: number): Sound {
  const random = seededRandom(2);
  const pause = sampleRate / 2;
  const sound = new Float32Array(pcm.length + 2 * pause);
  sound.set(pcm, pause);
  // The root mean square of a number that is evenly spread from -1 to 1 is the root of a third.
  const amplitude = 10 ** ((levelDb(pcm) - snrDb) / 20) * Math.sqrt(3);
  return { pcm: sound.map((sample) => sample + amplitude * (2 * random() - 1)), sampleRate };
}

/** Writes the sound in each format for which the packages of this project have an encoder. */
export const ENCODERS = {
  "webm/opus": (sound: Sound) => webmOf(sound, { isStream: false }),
  // MediaRecorder writes such files: a stream, without the length and without an index.
  "webm/opus without length": (sound: Sound) => webmOf(sound, { isStream: true }),
  "ogg/opus": (sound: Sound) => narrationFile("opus", sound),
  "ogg/vorbis": (sound: Sound) => vorbisOf(sound),
  "mp3 CBR": (sound: Sound) => narrationFile("mp3", sound),
  "mp3 VBR": (sound: Sound) => variableMp3(sound),
  "wav 16": async (sound: Sound) => encodeWav(sound),
  "wav 24": async (sound: Sound) => wavOf(sound, { code: 1, bits: 24, channels: 1 }),
  "wav float": async (sound: Sound) =>
    wavOf(
      { pcm: resample(Float32Array.from(sound.pcm), 16_000, 44_100), sampleRate: 44_100 },
      { code: 3, bits: 32, channels: 2 },
    ),
} as const satisfies Record<string, (sound: Sound) => Promise<Uint8Array>>;

/** Encodes with the encoder of narrations. */
async function narrationFile(format: AudioFormat, { pcm, sampleRate }: Sound): Promise<Uint8Array> {
  const facts = { sampleRate, sampleCount: pcm.length, title: "", chapters: [] };
  const encoder = await createSoundEncoder(format, facts);
  return concat([encoder.header(), encoder.encode(pcm), encoder.finish()]);
}

async function variableMp3({ pcm, sampleRate }: Sound): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate, vbrQuality: 4 });
  return concat([encoder.encode([pcm]).slice(), encoder.finalize().slice()]);
}

async function vorbisOf({ pcm, sampleRate }: Sound): Promise<Uint8Array> {
  const encoder = await createOggEncoder();
  encoder.configure({ channels: 1, sampleRate, vbrQuality: 3 });
  return concat([encoder.encode([pcm]).slice(), encoder.finalize().slice()]);
}

const FIXTURES = new URL("fixtures/", import.meta.url);

/** The files that no package of this project can encode. fixtures/README.md says how they were made. */
export const FIXTURE_KINDS = {
  flac: ".flac",
  "m4a/aac": ".m4a",
  "m4a/aac fragmented": "-fragmented.m4a",
};

/** Reads a committed file. */
export const fixture = (name: string): Promise<Uint8Array> => readFile(new URL(name, FIXTURES));

const FRAMES_A_SECOND = 50;

async function webmOf(sound: Sound, { isStream }: { isStream: boolean }): Promise<Uint8Array> {
  const format = new WebMOutputFormat({ appendOnly: isStream });
  return muxed(format, "opus", {
    packets: opusPackets(sound),
    config: { codec: "opus", numberOfChannels: 1, sampleRate: 48_000 },
  });
}

function opusPackets({ pcm, sampleRate }: Sound): EncodedPacket[] {
  const encoder = new OpusScript(sampleRate as 16_000, 1, OpusScript.Application.AUDIO);
  encoder.setBitrate(32_000);
  const size = sampleRate / FRAMES_A_SECOND;
  const packets: EncodedPacket[] = [];
  for (let start = 0; start + size <= pcm.length; start += size) {
    const samples = toInt16(pcm.slice(start, start + size));
    const data = encoder.encode(Buffer.from(samples.buffer), size);
    packets.push(new EncodedPacket(data, "key", start / sampleRate, 1 / FRAMES_A_SECOND));
  }
  encoder.delete();
  return packets;
}

interface Muxed {
  readonly packets: readonly EncodedPacket[];
  readonly config: {
    readonly codec: string;
    readonly numberOfChannels: number;
    readonly sampleRate: number;
    readonly description?: Uint8Array;
  };
}

/** Puts encoded packets into a container. */
export async function muxed(
  format: OutputFormat,
  codec: "opus" | "aac",
  { packets, config }: Muxed,
): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  for (const packet of packets) await source.add(packet, { decoderConfig: config });
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

interface WavForm {
  readonly code: number;
  readonly bits: number;
  readonly channels: number;
}

/** Writes a WAV file with the same samples in every channel. */
export function wavOf({ pcm, sampleRate }: Sound, { code, bits, channels }: WavForm): Uint8Array {
  const [width, frameBytes] = [bits / 8, (bits / 8) * channels];
  const file = Buffer.alloc(44 + pcm.length * frameBytes);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(code, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * frameBytes, 28);
  file.writeUInt16LE(frameBytes, 32);
  file.writeUInt16LE(bits, 34);
  file.write("data", 36);
  file.writeUInt32LE(pcm.length * frameBytes, 40);
  for (let index = 0; index < pcm.length * channels; index++) {
    const sample = pcm[Math.floor(index / channels)] ?? 0;
    const at = 44 + index * width;
    if (code === 3) file.writeFloatLE(sample, at);
    else
      file.writeIntLE(
        Math.round(Math.max(-1, Math.min(1, sample)) * (2 ** (bits - 1) - 1)),
        at,
        width,
      );
  }
  return file;
}
