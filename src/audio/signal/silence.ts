import type { Sound } from "./wav.js";

const FRAME_SECONDS = 0.01;
/**
 * Sound up to this level counts as silence. The weakest consonants of speech are louder, the noise
 * of a 16-bit recording is quieter.
 */
const SILENCE_DB = -55;
const MARGIN_FRAMES = 2;

/**
 * Returns the root mean square of the samples, dB relative to full scale. Returns -Infinity for
 * digital silence.
 */
export function levelDb(pcm: Float32Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, pcm.length));
}

/**
 * Removes the silence at both ends, except 20 ms next to the sound. Returns the input unchanged if
 * all of it is silent.
 */
export function trimSilence(sound: Sound, silenceDb = SILENCE_DB): Sound {
  const [from, to] = findSound(sound, silenceDb);
  const { pcm, sampleRate } = sound;
  return { pcm: pcm.slice(from, to), sampleRate };
}

/**
 * Returns the first sample and the sample after the last that `trimSilence` keeps.
 */
export function findSound(
  { pcm, sampleRate }: Sound,
  silenceDb = SILENCE_DB,
): readonly [from: number, to: number] {
  const size = Math.round(FRAME_SECONDS * sampleRate);
  const frames = Math.ceil(pcm.length / size);
  const isSound = (frame: number) =>
    levelDb(pcm.subarray(frame * size, (frame + 1) * size)) > silenceDb;
  let first = 0;
  while (first < frames && !isSound(first)) first += 1;
  if (first === frames) return [0, pcm.length];
  let last = frames - 1;
  while (!isSound(last)) last -= 1;
  const from = Math.max(0, first - MARGIN_FRAMES) * size;
  return [from, Math.min(pcm.length, (last + 1 + MARGIN_FRAMES) * size)];
}

/**
 * A silence that is shorter than 10 frames (0.1 s) does not count as a pause. It may belong to a
 * stop consonant, such as p or t: most of them interrupt the voice for less than 0.1 s.
 */
const SHORTEST_PAUSE_FRAMES = 10;
const PAUSE_BELOW_SPEECH_DB = 26;

/**
 * Returns the pauses between the first and the last sound. Each pause is [start, end], ms from the
 * start of `pcm`.
 */
export function findPauses({ pcm, sampleRate }: Sound): readonly (readonly [number, number])[] {
  const size = Math.round(FRAME_SECONDS * sampleRate);
  const silenceDb = Math.max(SILENCE_DB, levelDb(pcm) - PAUSE_BELOW_SPEECH_DB);
  const pauses: (readonly [number, number])[] = [];
  let sounded = -1;
  for (let frame = 0; frame * size < pcm.length; frame++) {
    if (levelDb(pcm.subarray(frame * size, (frame + 1) * size)) <= silenceDb) continue;
    if (sounded >= 0 && frame - sounded > SHORTEST_PAUSE_FRAMES) {
      pauses.push([(sounded + 1) * FRAME_SECONDS * 1000, frame * FRAME_SECONDS * 1000]);
    }
    sounded = frame;
  }
  return pauses;
}
