/**
 * Changes to a delivery. A delivery is how a segment is spoken. Factors are multiplied, semitones
 * and decibels are added. A value that is null or absent changes nothing.
 */
export interface DeliveryChange {
  /** Factor for the speaking rate. */
  readonly rate?: number | null | undefined;
  /** Added to the mean pitch, semitones. */
  readonly pitch?: number | null | undefined;
  /** Factor for the pitch range. */
  readonly range?: number | null | undefined;
  /** Added to the loudness, dB. */
  readonly gain?: number | null | undefined;
  /** Factor for the length of pauses. */
  readonly pauses?: number | null | undefined;
}

/**
 * How a segment is spoken, in numbers: the input for a speech provider and for joining. Rate, range
 * and pauses are factors: 1 is the unchanged voice. Pitch is in semitones, gain in dB: 0 is the
 * unchanged voice.
 */
export interface ResolvedProsody {
  readonly rate: number;
  readonly pitch: number;
  readonly range: number;
  readonly gain: number;
  readonly pauses: number;
  /** Rise of the pitch at the end, semitones. */
  readonly rise: number;
  /** Gain above 1 kHz, dB. */
  readonly tilt: number;
  /** Share of breath, 0-1. */
  readonly breath: number;
  /** Unsteadiness, 0-1. */
  readonly tremor: number;
  readonly isWhispered: boolean;
}

export const NEUTRAL_PROSODY: ResolvedProsody = {
  rate: 1,
  pitch: 0,
  range: 1,
  gain: 0,
  pauses: 1,
  rise: 0,
  tilt: 0,
  breath: 0,
  tremor: 0,
  isWhispered: false,
};
