import { Resampler } from "../signal/resample.js";
import type { DecodedSound } from "./decoders/decoder.js";
import { isSampleRate } from "./decoders/decoders.js";
import {
  LONGEST_SECONDS,
  MASTER_RATE,
  PADDING_SECONDS,
  RecordingProblem,
  RefusedRecording,
} from "./recording.js";
import { PeakHistogram } from "./peak-histogram.js";

/** The sound of a recording: mono, at `MASTER_RATE`. */
export interface TakenSound {
  readonly pcm: Float32Array<ArrayBuffer>;
  /** The seconds of clipped sound, summed over all stretches. */
  readonly clippedSeconds: number;
}

/**
 * Collects the decoded sound of a recording. Mixes the channels to one and resamples. Keeps 96 kB for
 * each second of sound, whatever the file has.
 */
export class Intake {
  private readonly chunks: Float32Array[] = [];
  private readonly peaks = new PeakHistogram();
  private resampler: Resampler | null = null;
  private sampleRate = 0;
  private received = 0;
  private length = 0;

  /** @throws RefusedRecording if the sound is too long or cannot be one sound */
  add({ channels, sampleRate }: DecodedSound): void {
    const [first] = channels;
    if (!first || first.length === 0) return;
    this.useRate(sampleRate);
    this.received += first.length;
    if (this.received > (LONGEST_SECONDS + PADDING_SECONDS) * sampleRate) {
      throw new RefusedRecording(RecordingProblem.TooLong);
    }
    for (const channel of channels) this.peaks.add(channel);
    const mono = mixed(channels, first);
    this.keep(this.resampler?.process(mono) ?? mono);
  }

  finish(): TakenSound {
    if (this.resampler) this.keep(this.resampler.flush());
    const pcm = new Float32Array(this.length);
    let at = 0;
    for (const chunk of this.chunks.splice(0)) {
      pcm.set(chunk, at);
      at += chunk.length;
    }
    const seconds = this.sampleRate === 0 ? 0 : this.received / this.sampleRate;
    return { pcm, clippedSeconds: this.peaks.clippedShare() * seconds };
  }

  private useRate(sampleRate: number): void {
    if (sampleRate === this.sampleRate) return;
    if (this.sampleRate !== 0 || !isSampleRate(sampleRate)) {
      throw new RefusedRecording(RecordingProblem.DamagedFile);
    }
    this.sampleRate = sampleRate;
    this.resampler = sampleRate === MASTER_RATE ? null : new Resampler(sampleRate, MASTER_RATE);
  }

  private keep(chunk: Float32Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }
}

/** @throws RefusedRecording if a sample is not a number */
function mixed(channels: readonly Float32Array[], first: Float32Array): Float32Array {
  const mono = new Float32Array(first.length);
  for (const channel of channels) {
    for (let index = 0; index < mono.length; index++) {
      mono[index] = (mono[index] ?? 0) + (channel[index] ?? 0) / channels.length;
    }
  }
  if (!mono.every(isUsable)) throw new RefusedRecording(RecordingProblem.DamagedFile);
  return mono;
}

/**
 * The largest magnitude of a sample that a decoder returns for a sound. Lossy decoders exceed 1, but
 * never by 24 dB.
 */
const MOST_MAGNITUDE = 16;
const isUsable = (sample: number): boolean => Math.abs(sample) <= MOST_MAGNITUDE;
