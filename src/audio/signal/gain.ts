export const decibelsToFactor = (db: number) => 10 ** (db / 20);

/**
 * Changes the level of all samples by `gainDb`. Writes the result into `louder` and returns it.
 * `louder` must be as long as `pcm`.
 */
export function amplify(
  pcm: Float32Array,
  gainDb: number,
  louder: Float32Array<ArrayBuffer> = new Float32Array(pcm.length),
): Float32Array<ArrayBuffer> {
  const factor = decibelsToFactor(gainDb);
  for (let index = 0; index < pcm.length; index++) louder[index] = (pcm[index] ?? 0) * factor;
  return louder;
}
