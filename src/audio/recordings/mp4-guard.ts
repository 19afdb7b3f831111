import { RecordingProblem, type RecordingSource, RefusedRecording } from "./recording.js";
import { WindowedReader } from "./windowed.js";

const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;
/**
 * The largest index (the box "moov" or "moof") that is read. The index of a recording of three
 * hours has 2 MB. The demuxer keeps about eight bytes in memory for each byte of the index.
 */
const MOST_INDEX_BYTES = 4 * 2 ** 20;
/**
 * The most packets that one fragment may announce. A fragment can announce a number of packets
 * without a byte for each, so the size of the file does not limit this number.
 */
const MOST_PACKETS = 20_000;
/**
 * A fragment has two boxes and holds 0.1 s of sound or more, so an accepted recording has fewer boxes.
 */
const MOST_BOXES = 4_000;

const INDEX = new Set(["moov", "moof"]);
const NESTING = new Set(["moov", "moof", "trak", "traf", "mdia", "minf", "stbl"]);

/**
 * Refuses an MP4 file whose index would fill the memory. The demuxer trusts the numbers in the
 * index, so they are checked first. Returns the number of bytes that the demuxer may see: a file with
 * hours of fragments is cut after enough of them. Format: ISO/IEC 14496-12.
 * @throws RefusedRecording
 */
export async function checkedMp4Bytes(source: RecordingSource): Promise<number> {
  const reader = new WindowedReader(source);
  let at = 0;
  for (let count = 0; at + HEADER_BYTES <= source.sizeBytes; count++) {
    if (count === MOST_BOXES) return at;
    const head = await reader.read(at, Math.min(at + LONG_HEADER_BYTES, source.sizeBytes));
    const box = readBox(head, 0, source.sizeBytes - at);
    if (!box) break;
    if (INDEX.has(box.type)) {
      if (box.size > MOST_INDEX_BYTES) throw damaged();
      const end = Math.min(at + box.size, source.sizeBytes);
      checkIndex(await source.read(at, end), { at: 0, end: end - at, depth: 0 });
    }
    at += box.size;
  }
  return source.sizeBytes;
}

const damaged = () => new RefusedRecording(RecordingProblem.DamagedFile);

interface Box {
  readonly type: string;
  readonly size: number;
  readonly headerBytes: number;
}

function readBox(bytes: Uint8Array, at: number, rest: number): Box | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + HEADER_BYTES > bytes.length) return null;
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + HEADER_BYTES));
  const size = view.getUint32(at);
  // The size 0 means up to the end, and 1 means that the size follows in 64 bits.
  if (size === 0) return { type, size: rest, headerBytes: HEADER_BYTES };
  if (size !== 1) return size < HEADER_BYTES ? null : { type, size, headerBytes: HEADER_BYTES };
  if (at + LONG_HEADER_BYTES > bytes.length) return null;
  const long = Number(view.getBigUint64(at + HEADER_BYTES));
  return long < LONG_HEADER_BYTES ? null : { type, size: long, headerBytes: LONG_HEADER_BYTES };
}

/** The deepest box that is read: moov, trak, mdia, minf, stbl and the tables inside. */
const DEEPEST = 6;

function checkIndex(
  bytes: Uint8Array,
  { at, end, depth }: { readonly at: number; readonly end: number; readonly depth: number },
): void {
  if (depth > DEEPEST) throw damaged();
  let next = at;
  while (next + HEADER_BYTES <= end) {
    const box = readBox(bytes, next, end - next);
    if (!box) return;
    const body = next + box.headerBytes;
    checkBox(bytes, box.type, body);
    const bodyEnd = Math.min(end, next + box.size);
    if (NESTING.has(box.type)) checkIndex(bytes, { at: body, end: bodyEnd, depth: depth + 1 });
    next += box.size;
  }
}

/** The offset of the number of packets in the body of these boxes. */
const COUNT_OFFSET: Readonly<Record<string, number>> = { trun: 4, stz2: 8 };

function checkBox(bytes: Uint8Array, type: string, body: number): void {
  const offset = COUNT_OFFSET[type];
  if (offset === undefined || body + offset + 4 > bytes.length) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(body + offset) > MOST_PACKETS) throw damaged();
}
