import { InvalidInputError } from "../../platform/errors.js";

/** Mono samples from -1 to 1. */
export interface Sound {
  readonly pcm: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
}

const PCM_FORMAT = 1;
const FLOAT_FORMAT = 3;
const EXTENSIBLE_FORMAT = 0xfffe;
const WAV_HEADER_BYTES = 44;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The header of a mono file with 16 bits a sample. Needs only `sampleCount`, not the samples. */
export function writeWavHeader(sampleCount: number, sampleRate: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const text = (offset: number, value: string) =>
    header.set(new TextEncoder().encode(value), offset);
  text(0, "RIFF");
  view.setUint32(4, WAV_HEADER_BYTES - 8 + sampleCount * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM_FORMAT, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, sampleCount * 2, true);
  return header;
}

/**
 * Converts to 16-bit samples in `samples`, which must be at least as long as `pcm`. Values out of
 * range are clipped. The bytes have the machine's order, so they fit a file only on a little-endian
 * machine.
 */
export function toInt16(
  pcm: Float32Array,
  samples: Int16Array<ArrayBuffer> = new Int16Array(pcm.length),
): Int16Array<ArrayBuffer> {
  for (let index = 0; index < pcm.length; index++) {
    // Math.round gives the same result but takes three times as long.
    const scaled = Math.floor((pcm[index] ?? 0) * 32768 + 0.5);
    samples[index] = Math.max(-32768, Math.min(32767, scaled));
  }
  return samples;
}

export function fromInt16(samples: Int16Array): Float32Array<ArrayBuffer> {
  const pcm = new Float32Array(samples.length);
  for (let index = 0; index < samples.length; index++) pcm[index] = (samples[index] ?? 0) / 32768;
  return pcm;
}

export function encodeWav({ pcm, sampleRate }: Sound): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(WAV_HEADER_BYTES + pcm.length * 2);
  file.set(writeWavHeader(pcm.length, sampleRate));
  toInt16(pcm, new Int16Array(file.buffer, WAV_HEADER_BYTES));
  return file;
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/**
 * Reads files with 16-bit or 32-bit float samples and mixes the channels to one. A streamed file
 * whose data chunk has no known size (0 or 0xffffffff) is read to its end.
 * @throws InvalidInputError for any other file, and for a file that ends before its data ends
 */
export function parseWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < 12 || tag(0) !== "RIFF" || tag(8) !== "WAVE") {
    throw new InvalidInputError("The sound is not a WAV file.");
  }
  let format: Format | null = null;
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === "fmt " && body + 16 <= file.length) format = readFormat(view, body);
    if (tag(at) === "data" && format) return decode(file, body, size, format);
    at = body + size + (size % 2);
  }
  throw new InvalidInputError("The WAV file has no sound in it.");
}

function readFormat(view: DataView, at: number): Format {
  return {
    code: view.getUint16(at, true),
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
}

function decode(file: Uint8Array, start: number, size: number, format: Format): Sound {
  const read = readerOf(format);
  const isStreamed = size === 0 || size === 0xffffffff;
  if (!isStreamed && start + size > file.length) {
    throw new InvalidInputError(
      `The WAV file ends after ${file.length - start} of ${size} bytes of sound.`,
    );
  }
  const data = file.subarray(start, isStreamed ? file.length : start + size);
  const { channels, bits, sampleRate } = format;
  const width = bits / 8;
  if (channels === 1 && bits === 16 && IS_LITTLE_ENDIAN) {
    return { pcm: fromInt16(aligned(data)), sampleRate };
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const pcm = new Float32Array(Math.floor(data.length / width / channels));
  for (let frame = 0; frame < pcm.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += read(view, (frame * channels + channel) * width);
    }
    pcm[frame] = sum / channels;
  }
  return { pcm, sampleRate };
}

/**
 * Returns a view of the samples. Copies them only if they begin at an odd byte, as they may in a
 * pooled Buffer.
 */
function aligned(data: Uint8Array): Int16Array {
  const { buffer, byteOffset } = data.byteOffset % 2 === 0 ? data : new Uint8Array(data);
  return new Int16Array(buffer, byteOffset, Math.floor(data.length / 2));
}

function readerOf({ code, channels, sampleRate, bits }: Format) {
  const isPcm = (code === PCM_FORMAT || code === EXTENSIBLE_FORMAT) && bits === 16;
  const isFloat = code === FLOAT_FORMAT && bits === 32;
  if ((!isPcm && !isFloat) || channels < 1 || sampleRate < 1) {
    throw new InvalidInputError(
      `The WAV file has format ${code} with ${bits} bits a sample; use 16-bit PCM or 32-bit float.`,
    );
  }
  return (view: DataView, at: number) =>
    isFloat ? view.getFloat32(at, true) : view.getInt16(at, true) / 32768;
}
