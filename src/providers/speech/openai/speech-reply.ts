import { type Sound, fromInt16 } from "../../../audio/signal/wav.js";
import { TruncatedSoundError, parseWav } from "../../../audio/signal/wav-reader.js";
import { FabulaError, ProviderError } from "../../../platform/errors.js";
import { PCM_RATE } from "../remote/joined-pieces.js";
import { type Asked, requireWholeSound } from "../remote/whole-sound.js";

/** The format of a reply. `pcm` is samples of 16 bits at 24 kHz, without a header. */
export type ReplyFormat = "wav" | "pcm";

/**
 * Reads the sound of a reply.
 * @throws ProviderError, retryable for an incomplete or silent reply, not retryable for a wrong
 *   format
 */
export const readSound = (
  bytes: Uint8Array,
  asked: Asked & { readonly format: ReplyFormat },
): Sound => requireWholeSound(decode(asked.name, asked.format, bytes), asked).sound;

/**
 * Decodes a reply.
 * @throws ProviderError, retryable for a broken sound. Not retryable for a wrong format, because
 *   the next reply would have the same format, and each attempt costs money.
 */
function decode(name: string, format: ReplyFormat, bytes: Uint8Array): Sound {
  const refuse = (what: string, retryable: boolean, cause?: unknown) =>
    new ProviderError(`${name} answered with ${what}.`, retryable, { cause });
  const found = formatOf(bytes);
  if (isOtherFormat(found, format, bytes)) {
    throw refuse(`${found} instead of ${format}; set its response format`, false);
  }
  if (format === "pcm" && found !== "WAV") {
    if (bytes.length % 2 !== 0) throw refuse("half a sample", true);
    return { pcm: fromInt16(new Int16Array(new Uint8Array(bytes).buffer)), sampleRate: PCM_RATE };
  }
  try {
    return parseWav(bytes);
  } catch (error) {
    if (!(error instanceof FabulaError)) throw error;
    const mayPass = error instanceof TruncatedSoundError || isText(bytes);
    const reason = error.message.replace(/\.$/, "");
    throw refuse(`something other than a whole sound: ${reason}`, mayPass, error);
  }
}

/**
 * True if the reply has a wrong format. WAV is never wrong. If `pcm` was requested, bytes that look
 * like a frame of MP3 are not wrong either: samples without a header may begin with the same bytes.
 */
const isOtherFormat = (found: string | null, format: ReplyFormat, [first]: Uint8Array): boolean =>
  found !== null && found !== "WAV" && !(format === "pcm" && first === 0xff);

/**
 * True if the reply is empty or text. In an outage, servers often answer 200 with such a reply, so
 * another attempt may succeed.
 */
const isText = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, 64).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) &&
  formatOf(bytes) === null;

/** The bytes by which a file's format is recognised, and their offset in the file. */
const SIGNATURES: readonly (readonly [name: string, at: number, bytes: readonly number[]])[] = [
  ["MP3", 0, [0x49, 0x44, 0x33]],
  ["Ogg", 0, [0x4f, 0x67, 0x67, 0x53]],
  ["FLAC", 0, [0x66, 0x4c, 0x61, 0x43]],
  ["WebM", 0, [0x1a, 0x45, 0xdf, 0xa3]],
  ["MP4", 4, [0x66, 0x74, 0x79, 0x70]],
  ["AIFF", 0, [0x46, 0x4f, 0x52, 0x4d]],
  ["gzip", 0, [0x1f, 0x8b, 0x08]],
  ["WAV", 8, [0x57, 0x41, 0x56, 0x45]],
];

/**
 * Returns the name of a file's format. Returns null if the format is unknown: the bytes may be
 * samples without a header.
 */
function formatOf(file: Uint8Array): string | null {
  const found = SIGNATURES.find(([, at, bytes]) =>
    bytes.every((byte, index) => file[at + index] === byte),
  );
  return found?.[0] ?? (isMpegFrame(file) ? "MP3" : null);
}

/**
 * True if the file begins with an MPEG audio frame, without a tag before the frame. A frame begins
 * with 11 set bits and has no reserved values.
 */
function isMpegFrame([first, second = 0, third = 0]: Uint8Array): boolean {
  const hasSync = first === 0xff && second >= 0xe0;
  const isReserved = (second & 0x18) === 0x08 || third >= 0xf0 || (third & 0x0c) === 0x0c;
  return hasSync && !isReserved;
}
