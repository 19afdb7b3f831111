import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import type { CodecFacts, PacketDecoder } from "./decoder.js";

const NO_BYTES = new Uint8Array(0);
type OggPages = Parameters<OggVorbisDecoder["decodeOggPages"]>[0];

/**
 * Decodes Vorbis with libvorbis. The decoder takes parsed Ogg pages, of which it reads only the
 * packets, so these pages hold nothing else.
 */
export async function vorbisDecoder({ description }: CodecFacts): Promise<PacketDecoder> {
  const headers = description && splitHeaders(description);
  if (!headers) throw new Error("The Vorbis headers are damaged.");
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const decode = (pages: readonly object[]) => decoder.decodeOggPages(pages as OggPages);
  let isStarted = false;
  return {
    decode: async (packet) => {
      const frame = { data: packet, header: { vorbisSetup: headers.setup } };
      const page = { data: NO_BYTES, codecFrames: [frame] };
      const start = isStarted ? [] : [{ data: headers.identification, codecFrames: [] }];
      isStarted = true;
      const { channelData, sampleRate, errors } = await decode([...start, page]);
      if (errors.length > 0) throw new Error("The Vorbis packet is damaged.");
      return { channels: channelData, sampleRate };
    },
    close: () => decoder.free(),
  };
}

/**
 * Splits the three headers of Vorbis: identification, comments and setup. Before them are the number 2
 * and the lengths of the first two, each as bytes that add up to the length (Xiph lacing).
 */
function splitHeaders(bytes: Uint8Array) {
  if (bytes[0] !== 2) return null;
  let at = 1;
  const lengths = [0, 0].map(() => {
    let length = 0;
    let value = 255;
    while (value === 255) {
      value = bytes[at++] ?? 0;
      length += value;
    }
    return length;
  });
  const [identification = 0, comments = 0] = lengths;
  const setup = bytes.subarray(at + identification + comments);
  if (identification === 0 || setup.length === 0) return null;
  return { identification: bytes.subarray(at, at + identification), setup };
}
