export const decibelsToFactor = (db: number) => 10 ** (db / 20);

export function amplify(pcm: Float32Array, gainDb: number): Float32Array<ArrayBuffer> {
  const factor = decibelsToFactor(gainDb);
  const louder = new Float32Array(pcm.length);
  for (let index = 0; index < pcm.length; index++) louder[index] = (pcm[index] ?? 0) * factor;
  return louder;
}
