import { RecordingProblem, type RecordingSource, RefusedRecording } from "./recording.js";
import { WindowedReader } from "./windowed.js";

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
/** SeekHead, Info, Tracks, Cues, Attachments, Chapters, Tags, Void and CRC-32. */
const IN_SEGMENT = new Set([
  0x114d9b74, 0x1549a966, 0x1654ae6b, 0x1c53bb6b, 0x1941a469, 0x1043a770, 0x1254c367, 0xec, 0xbf,
]);
/** Timestamp, SimpleBlock, BlockGroup, Position, PrevSize, SilentTracks, Void and CRC-32. */
const IN_CLUSTER = new Set([0xe7, 0xa3, 0xa0, 0xa7, 0xab, 0x5854, 0xec, 0xbf]);

const MOST_HEADER_BYTES = 12;
/**
 * The largest element of a segment, apart from clusters. The demuxer reads such an element whole.
 */
const MOST_ELEMENT_BYTES = 2 ** 20;
/** The longest accepted recording has 72,400 packets of 2.5 ms, the shortest that Opus has. */
const MOST_BLOCKS = 80_000;
/** A browser writes a cluster for each second or more, and fewer than ten other elements. */
const MOST_ELEMENTS = 20_000;

interface Element {
  readonly id: number;
  readonly body: number;
  /** Infinity if the size is unknown. */
  readonly end: number;
}

/**
 * Returns the size of the well-formed start of a WebM file (RFC 8794). The demuxer searches for the
 * next element after junk, and can search forever. So it is shown only bytes without junk, and no
 * more elements than an accepted recording has.
 * @throws RefusedRecording if the file does not begin with a segment
 */
export async function wellFormedWebmBytes(source: RecordingSource): Promise<number> {
  const walk = new Walk(source);
  const header = await walk.elementAt(0, source.sizeBytes);
  const segment = header?.id === EBML ? await walk.elementAt(header.end, source.sizeBytes) : null;
  if (segment?.id !== SEGMENT) throw new RefusedRecording(RecordingProblem.DamagedFile);
  const end = Math.min(segment.end, source.sizeBytes);
  let at = segment.body;
  for (let elements = 0; elements < MOST_ELEMENTS && at < end; elements++) {
    const element = await walk.elementAt(at, end);
    if (!element) break;
    const next =
      element.id === CLUSTER ? await walk.endOfCluster(element, end) : endOfElement(element, end);
    if (next === null) break;
    at = next;
  }
  return at;
}

function endOfElement({ id, body, end }: Element, limit: number): number | null {
  return IN_SEGMENT.has(id) && end <= limit && end - body <= MOST_ELEMENT_BYTES ? end : null;
}

class Walk {
  private readonly reader: WindowedReader;
  private blocks = 0;

  constructor(source: RecordingSource) {
    this.reader = new WindowedReader(source);
  }

  /** Returns null if no element begins at `at`. */
  async elementAt(at: number, limit: number): Promise<Element | null> {
    const bytes = await this.reader.read(at, Math.min(at + MOST_HEADER_BYTES, limit));
    const idLength = Math.clz32(bytes[0] ?? 0) - 23;
    const sizeLength = Math.clz32(bytes[idLength] ?? 0) - 23;
    if (idLength > 4 || sizeLength > 8 || idLength + sizeLength > bytes.length) return null;
    const id = numberOf(bytes.subarray(0, idLength));
    const sizeBytes = bytes.slice(idLength, idLength + sizeLength);
    const marker = 1 << (8 - sizeLength);
    sizeBytes[0] = (sizeBytes[0] ?? 0) & (marker - 1);
    const isUnknown = sizeBytes[0] === marker - 1 && sizeBytes.subarray(1).every((b) => b === 255);
    const body = at + idLength + sizeLength;
    return { id, body, end: isUnknown ? Infinity : body + numberOf(sizeBytes) };
  }

  /** Returns the end of the whole blocks of a cluster. Null if the file must end before the cluster. */
  async endOfCluster({ body, end }: Element, limit: number): Promise<number | null> {
    const last = Math.min(end, limit);
    let at = body;
    while (at < last) {
      const child = await this.elementAt(at, last);
      if (!child || !IN_CLUSTER.has(child.id) || child.end > last) {
        return end === Infinity ? at : null;
      }
      this.blocks += 1;
      if (this.blocks > MOST_BLOCKS) return null;
      at = child.end;
    }
    return at;
  }
}

const numberOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
