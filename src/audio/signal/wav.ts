/** Mono samples from -1 to 1. */
export interface Sound {
  readonly pcm: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
}

const PCM_FORMAT = 1;
const WAV_HEADER_BYTES = 44;

/**
 * Returns the header of a mono WAV file with 16 bits per sample. Needs only the number of samples,
 * so the header can be written before the samples exist.
 */
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
 * Converts samples from -1 to 1 into 16-bit samples. Writes them into `samples`, which must be at
 * least as long as `pcm`. Values outside this range are clipped. The samples have the byte order of
 * the machine. Files need little-endian bytes, so use the bytes in a file only on a little-endian
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
