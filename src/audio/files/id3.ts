import { concat } from "../signal/bytes.js";

/** A chapter of a narration. The times count from the start of the joined sound. */
export interface Chapter {
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
}

const utf8 = new TextEncoder();
/** The code for text in UTF-8 in ID3v2.4. */
const UTF_8 = 3;

/**
 * Writes an ID3v2.4 tag with a title and chapters (ID3v2 Chapter Frame Addendum 1.0). Each chapter
 * has a CHAP frame. One CTOC frame lists the chapters in order.
 */
export function writeId3Tag(title: string, chapters: readonly Chapter[]): Uint8Array<ArrayBuffer> {
  const frames = [textFrame("TIT2", title)];
  // CTOC, the table of contents, states its number of chapters in one byte, so it lists at most
  // 255.
  const listed = chapters.slice(0, 255);
  if (listed.length > 0) {
    frames.push(
      frame("CTOC", [
        zeroEnded("toc"),
        Uint8Array.of(0b11, listed.length),
        ...listed.map((_, index) => zeroEnded(chapterId(index))),
      ]),
    );
  }
  frames.push(...listed.map(chapterFrame));
  const body = concat(frames);
  return concat([utf8.encode("ID3"), Uint8Array.of(4, 0, 0), synchsafe(body.length), body]);
}

function chapterFrame({ title, startMs, endMs }: Chapter, index: number): Uint8Array {
  const times = new DataView(new ArrayBuffer(16));
  times.setUint32(0, startMs);
  times.setUint32(4, endMs);
  // A byte offset of all ones means that the offset is not used.
  times.setUint32(8, 0xffffffff);
  times.setUint32(12, 0xffffffff);
  return frame("CHAP", [
    zeroEnded(chapterId(index)),
    new Uint8Array(times.buffer),
    textFrame("TIT2", title),
  ]);
}

const chapterId = (index: number) => `chp${index}`;

const textFrame = (id: string, text: string) =>
  frame(id, [Uint8Array.of(UTF_8), utf8.encode(text)]);

function frame(id: string, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  return concat([utf8.encode(id), synchsafe(body.length), Uint8Array.of(0, 0), body]);
}

const zeroEnded = (text: string) => concat([utf8.encode(text), Uint8Array.of(0)]);

/**
 * Returns a size as four bytes with seven bits each. With eight bits, a size could look like the
 * start of an mp3 frame.
 */
function synchsafe(size: number): Uint8Array {
  return Uint8Array.of((size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127);
}
