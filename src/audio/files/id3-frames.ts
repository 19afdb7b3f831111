import { concat } from "../signal/bytes.js";

const utf8 = new TextEncoder();
/** The code for text in UTF-8 in ID3v2.4. */
const UTF_8 = 3;
/** The name of the tag, its version 2.4 and no flags. */
const START = concat([utf8.encode("ID3"), Uint8Array.of(4, 0, 0)]);

/** The number of bytes in the header of a tag. */
export const HEADER_LENGTH = 10;

/** Writes the header of a tag. @param size the number of bytes of all frames */
export const tagHeader = (size: number): Uint8Array<ArrayBuffer> =>
  concat([START, synchsafe(size)]);

/** Returns the size of the frames of a tag as `tagHeader` writes it. Null for other bytes. */
export function sizeIn(bytes: Uint8Array): number | null {
  if (!START.every((byte, index) => bytes[index] === byte)) return null;
  return bytes.subarray(START.length, HEADER_LENGTH).reduce((size, byte) => size * 128 + byte, 0);
}

export const textFrame = (id: string, text: string) =>
  frame(id, [Uint8Array.of(UTF_8), utf8.encode(text)]);

export function frame(id: string, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  return concat([utf8.encode(id), synchsafe(body.length), Uint8Array.of(0, 0), body]);
}

export const zeroEnded = (text: string) => concat([utf8.encode(text), Uint8Array.of(0)]);

/**
 * Returns a size as four bytes with seven bits each. With eight bits, a size could look like the
 * start of an mp3 frame.
 */
function synchsafe(size: number): Uint8Array {
  return Uint8Array.of((size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127);
}
