import type { decoder as createDecoder } from "@audio/decode-aac";
import { RecordingProblem, RefusedRecording } from "../recording.js";
import type { CodecFacts, PacketDecoder } from "./decoder.js";

interface AacPackage {
  readonly decoder: typeof createDecoder;
}

/** The decoder starts with the second packet, which overlaps the first. */
const SILENT_PACKETS = 2;

/**
 * Decodes AAC with FAAD2. FAAD2 is under the GPL, so its package is optional, and it is loaded only for
 * a file that needs it.
 * @throws RefusedRecording if the operator has not installed the package
 */
export async function aacDecoder(
  { description }: CodecFacts,
  load: () => Promise<AacPackage> = () => import("@audio/decode-aac"),
): Promise<PacketDecoder> {
  const { decoder: create } = await load().catch(() => {
    throw new RefusedRecording(RecordingProblem.UnsupportedFormat);
  });
  if (!description) throw new Error("The AAC configuration is missing.");
  const decoder = await create({ asc: description });
  let count = 0;
  return {
    decode: async (packet) => {
      const { channelData, sampleRate } = decoder.decode(packet);
      count += 1;
      if (channelData.length === 0 && count > SILENT_PACKETS) {
        throw new Error("The AAC packet is damaged.");
      }
      return { channels: channelData, sampleRate };
    },
    close: () => decoder.free(),
  };
}
