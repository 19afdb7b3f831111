import { MPEGDecoder } from "mpg123-decoder";
import type { CodecFacts, PacketDecoder } from "./decoder.js";
import { quietly } from "./quietly.js";

/** Decodes mp3 with mpg123. */
export async function mp3Decoder({ channels }: CodecFacts): Promise<PacketDecoder> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  return {
    decode: async (packet) => {
      const { channelData, sampleRate, errors } = quietly(() => decoder.decode(packet));
      if (errors.length > 0) throw new Error("The mp3 frame is damaged.");
      // The decoder always returns two channels. For mono, the second repeats the first.
      return { channels: channelData.slice(0, channels), sampleRate };
    },
    close: () => decoder.free(),
  };
}
