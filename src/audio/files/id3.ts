import { concat } from "../signal/bytes.js";
import { frame, tagHeader, textFrame, zeroEnded } from "./id3-frames.js";

/** A chapter of a narration. The times count from the start of the joined sound. */
export interface Chapter {
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** CTOC, a table of contents, states its number of entries in one byte. */
const MAX_ENTRIES = 255;
const ORDERED = 0b01;
const TOP_LEVEL = 0b10;

/**
 * Writes an ID3v2.4 tag with a title and chapters (ID3v2 Chapter Frame Addendum 1.0). Each chapter
 * has a CHAP frame. CTOC frames list the chapters in order. A table with more than 255 chapters lists tables,
 * which list the chapters.
 */
export function writeId3Tag(title: string, chapters: readonly Chapter[]): Uint8Array<ArrayBuffer> {
  const ids = chapters.map((_, index) => `chp${index}`);
  const frames = [
    textFrame("TIT2", title),
    ...(ids.length > 0 ? contentsFrames(ids) : []),
    ...chapters.map(chapterFrame),
  ];
  const body = concat(frames);
  return concat([tagHeader(body.length), body]);
}

/** Returns the frame of the whole table, then the frames of the tables inside it, level by level. */
function contentsFrames(chapterIds: readonly string[]): readonly Uint8Array[] {
  const levels: Uint8Array[][] = [];
  let entries = chapterIds;
  while (entries.length > MAX_ENTRIES) {
    const tables = chunksOf(entries, MAX_ENTRIES).map((children, index) => ({
      id: `toc${levels.length + 1}.${index}`,
      children,
    }));
    levels.unshift(tables.map(({ id, children }) => contentsFrame(id, ORDERED, children)));
    entries = tables.map(({ id }) => id);
  }
  return [contentsFrame("toc", TOP_LEVEL | ORDERED, entries), ...levels.flat()];
}

const contentsFrame = (id: string, flags: number, entries: readonly string[]): Uint8Array =>
  frame("CTOC", [zeroEnded(id), Uint8Array.of(flags, entries.length), ...entries.map(zeroEnded)]);

const chunksOf = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );

function chapterFrame({ title, startMs, endMs }: Chapter, index: number): Uint8Array {
  const times = new DataView(new ArrayBuffer(16));
  times.setUint32(0, startMs);
  times.setUint32(4, endMs);
  // A byte offset of all ones means that the offset is not used.
  times.setUint32(8, 0xffffffff);
  times.setUint32(12, 0xffffffff);
  return frame("CHAP", [
    zeroEnded(`chp${index}`),
    new Uint8Array(times.buffer),
    textFrame("TIT2", title),
  ]);
}
