export const decibelsToFactor = (db: number) => 10 ** (db / 20);

/** Multiplies all samples. Writes the result into `louder`, which must have the length of `pcm`. */
export function amplify(
  pcm: Float32Array,
  gainDb: number,
  louder: Float32Array<ArrayBuffer> = new Float32Array(pcm.length),
): Float32Array<ArrayBuffer> {
  const factor = decibelsToFactor(gainDb);
  for (let index = 0; index < pcm.length; index++) louder[index] = (pcm[index] ?? 0) * factor;
  return louder;
}
