import { FLACDecoder } from "@wasm-audio-decoders/flac";
import type { CodecFacts, PacketDecoder } from "./decoder.js";
import { quietly } from "./quietly.js";

/** Decodes FLAC with libFLAC. The decoder needs the STREAMINFO block before the first frame. */
export async function flacDecoder({ description }: CodecFacts): Promise<PacketDecoder> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  let header = description;
  return {
    decode: async (packet) => {
      const frames = header ? [header, packet] : [packet];
      header = null;
      const { channelData, sampleRate, errors } = await quietly(() => decoder.decodeFrames(frames));
      if (errors.length > 0) throw new Error("The FLAC frame is damaged.");
      return { channels: channelData, sampleRate };
    },
    close: () => decoder.free(),
  };
}
