export interface Tone {
  readonly hz: number;
  readonly sampleRate: number;
  readonly seconds: number;
  readonly gainDb?: number;
  readonly phase?: number;
}

export function sine({ hz, sampleRate, seconds, gainDb = 0, phase = 0 }: Tone) {
  const amplitude = 10 ** (gainDb / 20);
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, index) => amplitude * Math.sin((2 * Math.PI * hz * index) / sampleRate + phase),
  );
}

export function inChunks(sound: Float32Array, size: number): readonly Float32Array[] {
  const chunks: Float32Array[] = [];
  for (let start = 0; start < sound.length; start += size) {
    chunks.push(sound.subarray(start, start + size));
  }
  return chunks;
}
