import type { Sound } from "./wav.js";

const FRAME_SECONDS = 0.01;
/** A level below the weakest consonants of speech and above the noise of a 16-bit recording. */
const SILENCE_DB = -55;
const MARGIN_FRAMES = 2;

/**
 * Returns the root mean square, dB relative to full scale. Returns -Infinity for digital silence.
 */
export function levelDb(pcm: Float32Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, pcm.length));
}

/** Removes the silence at both ends. Returns the whole sound if the whole sound is silent. */
export function trimSilence({ pcm, sampleRate }: Sound, silenceDb = SILENCE_DB): Sound {
  const size = Math.round(FRAME_SECONDS * sampleRate);
  const frames = Math.ceil(pcm.length / size);
  const isSound = (frame: number) =>
    levelDb(pcm.subarray(frame * size, (frame + 1) * size)) > silenceDb;
  let first = 0;
  while (first < frames && !isSound(first)) first += 1;
  if (first === frames) return { pcm, sampleRate };
  let last = frames - 1;
  while (!isSound(last)) last -= 1;
  const start = Math.max(0, first - MARGIN_FRAMES) * size;
  return { pcm: pcm.slice(start, (last + 1 + MARGIN_FRAMES) * size), sampleRate };
}

/**
 * A pause is longer than 0.1 s. A shorter silence may be a stop consonant, because most stop
 * consonants stop the breath for less than 0.1 s.
 */
const SHORTEST_PAUSE_FRAMES = 10;
const PAUSE_BELOW_SPEECH_DB = 26;

/**
 * Returns the silences between the first and the last sound, each as [start, end], ms from the
 * start.
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
