import { concat } from "../signal/bytes.js";
import { HEADER_LENGTH, frame, sizeIn, tagHeader, textFrame, zeroEnded } from "./id3-frames.js";

/** Who made a text, and its picture. */
export interface Credits {
  readonly authorName: string | null;
  /** A picture of a few megabytes at most. */
  readonly cover: { readonly bytes: Uint8Array; readonly contentType: string } | null;
}

/** The code for the picture on the front of a book. */
const FRONT_COVER = 3;
const LATIN_1 = 0;

/**
 * Adds the author and the cover to the ID3 tag at the start of an mp3. The sound stays as it is.
 * Without both, and without a tag, the bytes stay the same.
 */
export async function* withCredits(
  mp3: AsyncIterable<Uint8Array>,
  credits: Credits,
): AsyncGenerator<Uint8Array> {
  const added = concat(creditFrames(credits));
  let start: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of mp3) {
    if (!start) {
      yield chunk;
      continue;
    }
    start = concat([start, chunk]);
    if (start.length < HEADER_LENGTH) continue;
    yield* withFrames(start, added);
    start = null;
  }
  if (start) yield start;
}

function* withFrames(start: Uint8Array, added: Uint8Array): Generator<Uint8Array> {
  const size = sizeIn(start);
  if (size === null || added.length === 0) {
    yield start;
    return;
  }
  yield tagHeader(size + added.length);
  yield added;
  yield start.subarray(HEADER_LENGTH);
}

const creditFrames = ({ authorName, cover }: Credits): readonly Uint8Array[] => [
  ...(authorName === null ? [] : [textFrame("TPE1", authorName)]),
  ...(cover === null
    ? []
    : [
        frame("APIC", [
          Uint8Array.of(LATIN_1),
          zeroEnded(cover.contentType),
          Uint8Array.of(FRONT_COVER),
          zeroEnded(""),
          cover.bytes,
        ]),
      ]),
];
