import OpusScript from "opusscript";
import { fromInt16 } from "../../signal/wav.js";
import type { CodecFacts, PacketDecoder } from "./decoder.js";
import { MASTER_RATE } from "../recording.js";

/** Decodes Opus with libopus, which mixes the channels to one and resamples to the master's rate. */
export function opusDecoder({ channels }: CodecFacts): PacketDecoder {
  if (channels > 2) throw new Error("Opus with more than two channels cannot be read.");
  const decoder = new OpusScript(MASTER_RATE, 1);
  return {
    decode: async (packet) => {
      const bytes = decoder.decode(Buffer.from(packet));
      const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
      return { channels: [fromInt16(samples)], sampleRate: MASTER_RATE };
    },
    close: () => decoder.delete(),
  };
}
