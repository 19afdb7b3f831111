import { RecordingProblem, type RecordingSource, RefusedRecording } from "./recording.js";
import { WindowedReader } from "./windowed.js";

const MAGIC_BYTES = 4;
const HEADER_BYTES = 4;
const LAST_BLOCK = 0x80;
/** Encoders write fewer than ten blocks of metadata: tags, pictures, a table of places. */
const MOST_BLOCKS = 1_000;

/**
 * Refuses a FLAC file with more blocks of metadata than any encoder writes (RFC 9639, section 8). The
 * demuxer takes the same time for each block, and a block may have 4 bytes. Returns the size of the file.
 * @throws RefusedRecording
 */
export async function checkedFlacBytes(source: RecordingSource): Promise<number> {
  const reader = new WindowedReader(source);
  let at = MAGIC_BYTES;
  for (let blocks = 0; blocks < MOST_BLOCKS; blocks++) {
    const [kind = LAST_BLOCK, high = 0, middle = 0, low = 0] = await reader.read(
      at,
      at + HEADER_BYTES,
    );
    if ((kind & LAST_BLOCK) !== 0) return source.sizeBytes;
    at += HEADER_BYTES + high * 2 ** 16 + middle * 2 ** 8 + low;
  }
  throw new RefusedRecording(RecordingProblem.DamagedFile);
}
