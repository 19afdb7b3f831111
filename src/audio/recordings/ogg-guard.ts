import type { RecordingSource } from "./recording.js";
import { WindowedReader } from "./windowed.js";

const HEADER_BYTES = 27;
const MOST_SEGMENTS = 255;
const MAGIC = [0x4f, 0x67, 0x67, 0x53];
/** Encoders put 20 ms or more into a page, so the longest accepted recording has fewer than 10,000 pages. */
const MOST_PAGES = 20_000;

/**
 * Returns the size of the well-formed start of an Ogg file (RFC 3533), with no more pages than an accepted
 * recording has. The demuxer takes the same time for each page, and a page may have 28 bytes.
 */
export async function wellFormedOggBytes(source: RecordingSource): Promise<number> {
  const reader = new WindowedReader(source);
  let at = 0;
  for (let pages = 0; pages < MOST_PAGES && at < source.sizeBytes; pages++) {
    const head = await reader.read(at, at + HEADER_BYTES + MOST_SEGMENTS);
    const end = endOfPage(head);
    if (end === null) break;
    at += end;
  }
  return Math.min(at, source.sizeBytes);
}

function endOfPage(head: Uint8Array): number | null {
  const segments = head[HEADER_BYTES - 1];
  if (segments === undefined || MAGIC.some((byte, index) => head[index] !== byte)) return null;
  const sizes = head.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  return HEADER_BYTES + segments + sizes.reduce((sum, size) => sum + size, 0);
}
