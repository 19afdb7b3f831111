import type { CodecFacts, DecodedSound, PacketDecoder } from "./decoder.js";

interface SampleForm {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

const INTEGER_8 = 2 ** 7;
const INTEGER_16 = 2 ** 15;
const INTEGER_24 = 2 ** 23;
const INTEGER_32 = 2 ** 31;

/** The forms of samples in a WAV file, by the name that the demuxer gives them. */
const FORMS: ReadonlyMap<string, SampleForm> = new Map<string, SampleForm>([
  ["pcm-u8", { bytes: 1, read: (view, at) => (view.getUint8(at) - INTEGER_8) / INTEGER_8 }],
  ["pcm-s16", { bytes: 2, read: (view, at) => view.getInt16(at, true) / INTEGER_16 }],
  [
    "pcm-s24",
    {
      bytes: 3,
      read: (view, at) => (view.getInt8(at + 2) * 65_536 + view.getUint16(at, true)) / INTEGER_24,
    },
  ],
  ["pcm-s32", { bytes: 4, read: (view, at) => view.getInt32(at, true) / INTEGER_32 }],
  ["pcm-f32", { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ["pcm-f64", { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
]);

/** Reads samples that are not compressed. */
export function pcmDecoder({ codec, sampleRate, channels }: CodecFacts): PacketDecoder {
  const form = FORMS.get(codec);
  if (!form) throw new Error(`Samples of the form ${codec} cannot be read.`);
  return {
    decode: async (packet) => split(packet, form, { sampleRate, channels }),
    close: () => undefined,
  };
}

function split(
  packet: Uint8Array,
  { bytes, read }: SampleForm,
  { sampleRate, channels }: { readonly sampleRate: number; readonly channels: number },
): DecodedSound {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const length = Math.floor(packet.length / bytes / channels);
  const sounds = Array.from({ length: channels }, () => new Float32Array(length));
  for (const [channel, sound] of sounds.entries()) {
    for (let frame = 0; frame < length; frame++) {
      sound[frame] = read(view, (frame * channels + channel) * bytes);
    }
  }
  return { channels: sounds, sampleRate };
}
