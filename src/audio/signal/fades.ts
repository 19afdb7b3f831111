const FADE_SECONDS = 0.01;

/**
 * Fades both ends in place over 10 ms with a raised cosine. Without a fade, a listener would hear a
 * click where a wave is cut.
 */
export function fadeEdges(pcm: Float32Array, sampleRate: number): void {
  const length = Math.min(Math.round(FADE_SECONDS * sampleRate), Math.floor(pcm.length / 2));
  for (let index = 0; index < length; index++) {
    const factor = 0.5 - 0.5 * Math.cos((Math.PI * index) / length);
    const last = pcm.length - 1 - index;
    pcm[index] = (pcm[index] ?? 0) * factor;
    pcm[last] = (pcm[last] ?? 0) * factor;
  }
}
