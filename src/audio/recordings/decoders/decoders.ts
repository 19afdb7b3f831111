import { RecordingProblem, RefusedRecording } from "../recording.js";
import type { CodecFacts, PacketDecoder } from "./decoder.js";
import { aacDecoder } from "./aac.js";
import { flacDecoder } from "./flac.js";
import { mp3Decoder } from "./mp3.js";
import { opusDecoder } from "./opus.js";
import { pcmDecoder } from "./pcm.js";
import { vorbisDecoder } from "./vorbis.js";

type CreateDecoder = (facts: CodecFacts) => PacketDecoder | Promise<PacketDecoder>;

const DECODERS: ReadonlyMap<string, CreateDecoder> = new Map<string, CreateDecoder>([
  ["opus", opusDecoder],
  ["mp3", mp3Decoder],
  ["flac", flacDecoder],
  ["vorbis", vorbisDecoder],
  ["aac", (facts) => aacDecoder(facts)],
  ...["pcm-u8", "pcm-s16", "pcm-s24", "pcm-s32", "pcm-f32", "pcm-f64"].map(
    (codec) => [codec, pcmDecoder] as const,
  ),
]);

/** Every rate that microphones and encoders use, Hz. Other rates are lies of a header. */
const RATES = new Set([
  8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400,
  192_000,
]);
const MOST_CHANNELS = 8;

/**
 * Creates the decoder for a sound.
 * @throws RefusedRecording if no decoder reads such a sound, or if its configuration is damaged
 */
export async function createDecoder(facts: CodecFacts): Promise<PacketDecoder> {
  const create = DECODERS.get(facts.codec);
  const isReal =
    RATES.has(facts.sampleRate) && facts.channels > 0 && facts.channels <= MOST_CHANNELS;
  if (!create || !isReal) throw new RefusedRecording(RecordingProblem.UnsupportedFormat);
  try {
    return await create(facts);
  } catch (error) {
    if (error instanceof RefusedRecording) throw error;
    throw new RefusedRecording(RecordingProblem.DamagedFile);
  }
}

export const isSampleRate = (hz: number): boolean => RATES.has(hz);
