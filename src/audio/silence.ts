import type { Sound } from "./wav.js";

const FRAME_SECONDS = 0.01;
/** Below speech's weakest consonants, above a 16-bit recording's noise. */
const SILENCE_DB = -55;
const MARGIN_FRAMES = 2;

/** The root mean square, dB below full scale; -Infinity for digital silence. */
export function levelDb(pcm: Float32Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, pcm.length));
}

/** The sound without the silence at its ends; all of it where nothing rises above silence. */
export function trimSilence({ pcm, sampleRate }: Sound, silenceDb = SILENCE_DB): Sound {
  const size = Math.round(FRAME_SECONDS * sampleRate);
  const frames = Math.ceil(pcm.length / size);
  const sounds = (frame: number) =>
    levelDb(pcm.subarray(frame * size, (frame + 1) * size)) > silenceDb;
  let first = 0;
  while (first < frames && !sounds(first)) first += 1;
  if (first === frames) return { pcm, sampleRate };
  let last = frames - 1;
  while (!sounds(last)) last -= 1;
  const start = Math.max(0, first - MARGIN_FRAMES) * size;
  return { pcm: pcm.slice(start, (last + 1 + MARGIN_FRAMES) * size), sampleRate };
}
