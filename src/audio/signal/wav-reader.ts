import { InvalidInputError } from "../../platform/errors.js";
import { type Sound, fromInt16 } from "./wav.js";

/**
 * Thrown for a file that ends before its sound ends. The caller may request the file again: the
 * next reply may contain the whole file.
 */
export class TruncatedSoundError extends InvalidInputError {}

const PCM_FORMAT = 1;
const FLOAT_FORMAT = 3;
const EXTENSIBLE_FORMAT = 0xfffe;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/**
 * A chunk size of at least this number is a placeholder. A program that writes a stream does not
 * know the size in advance. It writes the largest possible size instead: 2^31 or 2^32, minus a few
 * bytes.
 */
const LEAST_PLACEHOLDER = 0x7fff_0000;

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
  /** Size of one frame. A frame is one sample of every channel. */
  readonly frameBytes: number;
}

/** The samples of one data chunk, still as bytes. */
interface Part {
  readonly format: Format;
  readonly data: Uint8Array;
}

/**
 * Reads the whole sound of a WAV file and mixes its channels to one. Samples may be integers of 8,
 * 16, 24 or 32 bits or floats of 32 or 64 bits. The format may also be WAVE_FORMAT_EXTENSIBLE. If
 * several WAV files follow each other in `file`, they are read as one sound. If the size of a data
 * chunk is a placeholder (0, or about 2^31 or 2^32), the chunk is read to its real end. Chunks
 * without sound are skipped. Bytes after the last chunk are also skipped, unless they are more than
 * the bytes of sound.
 * @throws TruncatedSoundError for a file that ends before its data ends
 * @throws InvalidInputError for any other file that cannot be read as one sound
 */
export function parseWav(file: Uint8Array): Sound {
  const parts: Part[] = [];
  let end = 0;
  for (let at = isRiff(file, 0) ? 0 : -1; at >= 0; at = nextRiff(file, end)) {
    const found = readRiff(file, at);
    parts.push(...found.parts);
    end = found.end;
  }
  const [first] = parts;
  for (const { format } of parts) readerOf(format);
  if (end === 0) throw new InvalidInputError("The sound is not a WAV file.");
  if (!first) throw new InvalidInputError("The WAV file contains no sound.");
  refuseLostBytes(file.length - end, parts);
  if (parts.length === 1) return { pcm: decode(first), sampleRate: first.format.sampleRate };
  return joinParts(parts, first.format.sampleRate);
}

const tagAt = (file: Uint8Array, at: number): string =>
  String.fromCharCode(...file.subarray(at, at + 4));

const isRiff = (file: Uint8Array, at: number): boolean =>
  at + RIFF_HEADER_BYTES <= file.length &&
  tagAt(file, at) === "RIFF" &&
  tagAt(file, at + 8) === "WAVE";

/**
 * Returns the offset of the first WAV file that begins at or after `from`. Skips other bytes,
 * because padding may separate two files. Returns -1 if no file follows.
 */
function nextRiff(file: Uint8Array, from: number): number {
  let at = file.indexOf(FIRST_OF_RIFF, from);
  while (at >= 0 && !isRiff(file, at)) at = file.indexOf(FIRST_OF_RIFF, at + 1);
  return at;
}

const FIRST_OF_RIFF = 0x52;

const uint32At = (file: Uint8Array, at: number): number =>
  new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(at, true);

/** Returns the data chunks and the end of the WAV file that begins at `start`. */
function readRiff(
  file: Uint8Array,
  start: number,
): { readonly parts: Part[]; readonly end: number } {
  const parts: Part[] = [];
  let format: Format | null = null;
  let at = start + RIFF_HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES <= file.length && isChunkTag(file, at) && !isRiff(file, at)) {
    const body = at + CHUNK_HEADER_BYTES;
    const size = uint32At(file, at + 4);
    const tag = tagAt(file, at);
    if (tag === "fmt ") format = readFormat(file, body, size);
    // If a chunk would end after the end of the file, these bytes are not a real chunk. Do not skip
    // them: another WAV file may begin among them.
    if (tag !== "data" && body + size > file.length) break;
    if (tag !== "data") {
      at = nextChunk(file, body + size);
      continue;
    }
    if (!format) throw new InvalidInputError("The WAV file does not say how its sound is coded.");
    const end = endOfData(file, body, size);
    parts.push({ format, data: file.subarray(body, end) });
    at = nextChunk(file, end);
  }
  return { parts, end: Math.min(at, file.length) };
}

const isChunkTag = (file: Uint8Array, at: number): boolean =>
  file.subarray(at, at + 4).every((byte) => byte >= 0x20 && byte < 0x7f);

/**
 * Returns the offset of the chunk after a chunk that ends at `end`. A chunk must begin at an even
 * offset, after one byte of padding if needed. Some programs omit this byte.
 */
function nextChunk(file: Uint8Array, end: number): number {
  if (end % 2 === 0 || end >= file.length) return end;
  return file[end] !== 0 && (isRiff(file, end) || isChunkTag(file, end)) ? end : end + 1;
}

/**
 * Returns the end of the data chunk that begins at `body`.
 * @throws TruncatedSoundError if the size is not a placeholder and the file ends before the chunk
 *   ends
 */
function endOfData(file: Uint8Array, body: number, size: number): number {
  const isKnown = size !== 0 && size < LEAST_PLACEHOLDER;
  if (!isKnown) return size === 0 && endsWithChunks(file, body) ? body : endOfStream(file, body);
  if (body + size <= file.length) return body + size;
  throw new TruncatedSoundError(
    `The WAV file ends after ${file.length - body} bytes of sound, before its sound ends.`,
  );
}

/**
 * Returns the end of a data chunk whose size is unknown. The chunk ends where the next WAV file
 * begins, or where the chunks after the sound begin. Without either, the chunk ends at the end of
 * the file.
 */
function endOfStream(file: Uint8Array, body: number): number {
  for (let at = body; at + CHUNK_HEADER_BYTES <= file.length; at += 1) {
    // Compare only one byte at first, to save time: a sound has millions of bytes, and few of them
    // equal the first byte of a tag.
    if (!FIRST_OF_TAGS.has(file[at] ?? 0)) continue;
    if (isRiff(file, at) && tagAt(file, at + 12) === "fmt ") return at;
    if (TRAILERS.has(tagAt(file, at)) && endsWithChunks(file, at)) return at;
  }
  return file.length;
}

const TRAILERS = new Set(["LIST", "id3 ", "ID3 ", "fact", "cue ", "JUNK"]);
const FIRST_OF_TAGS = new Set(["RIFF", ...TRAILERS].map((tag) => tag.charCodeAt(0)));

/** True if whole chunks fill the file from `start` to the end of the file. */
function endsWithChunks(file: Uint8Array, start: number): boolean {
  let at = start;
  while (at + CHUNK_HEADER_BYTES <= file.length && isChunkTag(file, at)) {
    at = nextChunk(file, at + CHUNK_HEADER_BYTES + uint32At(file, at + 4));
  }
  return at > start && (at === file.length || at === file.length + 1);
}

function readFormat(file: Uint8Array, at: number, size: number): Format {
  const isExtensible = size >= 40 && uint16At(file, at) === EXTENSIBLE_FORMAT;
  if (size < 16 || at + size > file.length) {
    throw new TruncatedSoundError("The WAV file ends before its sound begins.");
  }
  return {
    // In an extensible format, the format code is the first two bytes of the GUID.
    code: uint16At(file, isExtensible ? at + 24 : at),
    channels: uint16At(file, at + 2),
    sampleRate: uint32At(file, at + 4),
    frameBytes: uint16At(file, at + 12),
    bits: uint16At(file, at + 14),
  };
}

const uint16At = (file: Uint8Array, at: number): number =>
  (file[at] ?? 0) + 256 * (file[at + 1] ?? 0);

/**
 * Refuses a file that has more bytes after its last chunk (`count`) than bytes of sound. So many
 * bytes are probably sound, which would be lost. Fewer bytes are ignored.
 * @throws InvalidInputError
 */
function refuseLostBytes(count: number, parts: readonly Part[]): void {
  const heard = parts.reduce((sum, { data }) => sum + data.length, 0);
  if (count <= heard) return;
  throw new InvalidInputError(
    `The WAV file has ${heard} bytes of sound, and then ${count} bytes that are not WAV.`,
  );
}

function joinParts(parts: readonly Part[], sampleRate: number): Sound {
  const other = parts.find(({ format }) => format.sampleRate !== sampleRate);
  if (other) {
    throw new InvalidInputError(
      `The WAV files have ${sampleRate} and ${other.format.sampleRate} samples a second; they cannot be one sound.`,
    );
  }
  const sounds = parts.map(decode);
  const pcm = new Float32Array(sounds.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const sound of sounds) {
    pcm.set(sound, position);
    position += sound.length;
  }
  return { pcm, sampleRate };
}

function decode({ data, format }: Part): Float32Array<ArrayBuffer> {
  const read = readerOf(format);
  const { channels, bits } = format;
  const width = bits / 8;
  if (channels === 1 && bits === 16 && IS_LITTLE_ENDIAN) return fromInt16(aligned(data));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const pcm = new Float32Array(Math.floor(data.length / width / channels));
  for (let frame = 0; frame < pcm.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += read(view, (frame * channels + channel) * width);
    }
    if (!Number.isFinite(sum))
      throw new InvalidInputError("The WAV file has samples that are not numbers.");
    pcm[frame] = sum / channels;
  }
  return pcm;
}

/**
 * Returns the bytes as samples of 16 bits. Copies the bytes only if they begin at an odd offset, as
 * in a pooled Buffer, because an Int16Array must begin at an even offset.
 */
function aligned(data: Uint8Array): Int16Array {
  const { buffer, byteOffset } = data.byteOffset % 2 === 0 ? data : new Uint8Array(data);
  return new Int16Array(buffer, byteOffset, Math.floor(data.length / 2));
}

type ReadSample = (view: DataView, at: number) => number;

/**
 * Functions that read one sample. The key is the format code and the number of bits per sample.
 * Samples of 8 bits have no sign.
 */
const READERS: ReadonlyMap<string, ReadSample> = new Map<string, ReadSample>([
  [`${PCM_FORMAT}/8`, (view, at) => (view.getUint8(at) - 128) / 128],
  [`${PCM_FORMAT}/16`, (view, at) => view.getInt16(at, true) / 2 ** 15],
  [
    `${PCM_FORMAT}/24`,
    (view, at) => (view.getInt8(at + 2) * 65536 + view.getUint16(at, true)) / 2 ** 23,
  ],
  [`${PCM_FORMAT}/32`, (view, at) => view.getInt32(at, true) / 2 ** 31],
  [`${FLOAT_FORMAT}/32`, (view, at) => view.getFloat32(at, true)],
  [`${FLOAT_FORMAT}/64`, (view, at) => view.getFloat64(at, true)],
]);

/**
 * The largest format code, bits, channels, bytes of a frame and sample rate of a real header. Any two
 * letters are a larger number. So an error never contains the words of a text with the tag of a WAV.
 */
const MOST_OF_HEADER = [0x2000, 64, 255, 2_040, 1_000_000];

/** @throws InvalidInputError if the samples cannot be read */
function readerOf({ code, channels, sampleRate, bits, frameBytes }: Format): ReadSample {
  const read = READERS.get(`${code}/${bits}`);
  // Refuse a header that contradicts itself: the samples would be noise.
  const isConsistent = channels > 0 && sampleRate > 0 && frameBytes === (channels * bits) / 8;
  if (read && isConsistent) return read;
  const numbers = [code, bits, channels, frameBytes, sampleRate];
  const isHeader = numbers.every((value, index) => value <= (MOST_OF_HEADER[index] ?? 0));
  throw new InvalidInputError(
    isHeader
      ? `The WAV file has format ${code} with ${bits} bits a sample, ${channels} channels of ${frameBytes} bytes together and ${sampleRate} samples a second, which cannot be read.`
      : "The WAV file has a header that is not one of a sound.",
  );
}
