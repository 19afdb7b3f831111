import { Biquad, highShelf } from "../signal/biquad.js";
import { transform } from "../signal/fft.js";
import type { Sound } from "../signal/wav.js";

/** Changes to a voice, except its melody and tempo. */
export interface VoiceQuality {
  /** Gain above 1 kHz, dB. */
  readonly tilt: number;
  /** Share of breath, 0-1. */
  readonly breath: number;
  /** Unsteadiness, 0-1. */
  readonly tremor: number;
  readonly isWhispered: boolean;
}

const TILT_CORNER_HZ = 1000;
/** The frequency of the tremor. A natural tremor of the voice has 4-6 Hz (Titze 1994). */
const TREMOR_HZ = 5.5;
/** A tremor of 1 reduces the amplitude by up to this share. */
const TREMOR_DEPTH = 0.35;
/** A tremor of 1 moves a sample in time by up to this much, which changes the pitch. */
const TREMOR_DELAY_SECONDS = 0.0008;
const STFT_SECONDS = 0.032;
/**
 * A quefrency is a time in a cepstrum. Quefrencies below 2 ms describe the vocal tract and are
 * kept. Higher quefrencies describe the glottis, for any voice up to 500 Hz (1 / 2 ms).
 */
const LIFTER_SECONDS = 0.002;

/**
 * Changes the quality of a voice. The length stays the same, so the times of words stay valid. The
 * same input gives the same bytes.
 */
export function shapeVoice(sound: Sound, quality: VoiceQuality): Sound {
  const { sampleRate } = sound;
  let pcm = sound.pcm;
  if (quality.isWhispered) pcm = devoice(pcm, sampleRate);
  else if (quality.breath > 0) pcm = mixBreath(pcm, sampleRate, quality.breath);
  if (quality.tilt !== 0) pcm = tilt(pcm, sampleRate, quality.tilt);
  if (quality.tremor > 0) pcm = tremble(pcm, sampleRate, quality.tremor);
  return { pcm, sampleRate };
}

function tilt(pcm: Float32Array, sampleRate: number, gainDb: number): Float32Array<ArrayBuffer> {
  const shelf = new Biquad(highShelf(TILT_CORNER_HZ, gainDb, sampleRate));
  const tilted = new Float32Array(pcm.length);
  shelf.run(pcm, tilted);
  return tilted;
}

function mixBreath(
  pcm: Float32Array,
  sampleRate: number,
  share: number,
): Float32Array<ArrayBuffer> {
  const breath = devoice(pcm, sampleRate);
  return breath.map((sample, index) => share * sample + (1 - share) * (pcm[index] ?? 0));
}

/**
 * Varies amplitude and pitch together, TREMOR_HZ times per second. Takes each sample from a place
 * that moves a little forward and back in time, which varies the pitch.
 */
function tremble(pcm: Float32Array, sampleRate: number, depth: number): Float32Array<ArrayBuffer> {
  const swing = TREMOR_DELAY_SECONDS * sampleRate * depth;
  return Float32Array.from(pcm, (_, index) => {
    const phase = Math.sin((2 * Math.PI * TREMOR_HZ * index) / sampleRate);
    const position = index + swing * phase;
    const whole = Math.floor(position);
    const part = position - whole;
    const sample = (pcm[whole] ?? 0) * (1 - part) + (pcm[whole + 1] ?? 0) * part;
    return sample * (1 - TREMOR_DEPTH * depth * (0.5 + 0.5 * phase));
  });
}

/**
 * Removes the voicing from speech. Each frame keeps its cepstral envelope, and noise replaces its
 * harmonics. A throat that whispers also has noise instead of the pulses of the glottis.
 */
function devoice(pcm: Float32Array, sampleRate: number): Float32Array<ArrayBuffer> {
  const size = 2 ** Math.round(Math.log2(STFT_SECONDS * sampleRate));
  const hop = size / 4;
  const lifter = Math.round(LIFTER_SECONDS * sampleRate);
  const random = seededRandom(size + pcm.length);
  const window = Float64Array.from({ length: size }, (_, index) =>
    Math.sqrt(0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size)),
  );
  const output = new Float32Array(pcm.length);
  for (let start = -size + hop; start < pcm.length; start += hop) {
    const frame = window.map((weight, index) => weight * (pcm[start + index] ?? 0));
    const noise = replaceHarmonics(frame, lifter, random);
    for (let index = 0; index < size; index++) {
      const at = start + index;
      // The squares of the four overlapping windows add up to 2, so divide by 2.
      if (at >= 0 && at < output.length) {
        output[at] = (output[at] ?? 0) + ((noise[index] ?? 0) * (window[index] ?? 0)) / 2;
      }
    }
  }
  return output;
}

function replaceHarmonics(frame: Float64Array, lifter: number, random: () => number): Float64Array {
  const size = frame.length;
  const real = Float64Array.from(frame);
  const imaginary = new Float64Array(size);
  transform(real, imaginary);
  const cepstrum = real.map((re, bin) => Math.log(Math.hypot(re, imaginary[bin] ?? 0) + 1e-7));
  const zeroes = new Float64Array(size);
  transform(cepstrum, zeroes, true);
  for (let index = lifter; index <= size - lifter; index++) cepstrum[index] = 0;
  zeroes.fill(0);
  transform(cepstrum, zeroes);
  const power = powerOf(real, imaginary);
  real.fill(0);
  imaginary.fill(0);
  for (let bin = 1; bin < size / 2; bin++) {
    const magnitude = Math.exp(cepstrum[bin] ?? 0);
    const phase = 2 * Math.PI * random();
    real[bin] = magnitude * Math.cos(phase);
    imaginary[bin] = magnitude * Math.sin(phase);
    real[size - bin] = real[bin] ?? 0;
    imaginary[size - bin] = -(imaginary[bin] ?? 0);
  }
  // The envelope lies between the tops and valleys of the harmonics, so the noise does not have the
  // power of the frame. Scale the noise to the power of the frame.
  const level = Math.sqrt(power / Math.max(powerOf(real, imaginary), Number.MIN_VALUE));
  transform(real, imaginary, true);
  return real.map((sample) => sample * level);
}

function powerOf(real: Float64Array, imaginary: Float64Array): number {
  return real.reduce((sum, re, bin) => sum + re * re + (imaginary[bin] ?? 0) ** 2, 0);
}

/**
 * Returns the random number generator Mulberry32 (T. Ettinger, public domain). Its numbers are from
 * 0 to 1. The same seed gives the same numbers.
 */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
