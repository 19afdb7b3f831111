/**
 * Changes to a delivery: factors multiply, semitones and decibels add. Null and absent values
 * change nothing.
 */
export interface DeliveryChange {
  /** Speaking rate, x. */
  readonly rate?: number | null | undefined;
  /** Mean pitch, semitones. */
  readonly pitch?: number | null | undefined;
  /** Pitch range, x. */
  readonly range?: number | null | undefined;
  /** Loudness, dB. */
  readonly gain?: number | null | undefined;
  /** Length of pauses, x. */
  readonly pauses?: number | null | undefined;
}

/** A whole delivery in numbers, as input for a provider and for joining. */
export interface ResolvedProsody {
  readonly rate: number;
  readonly pitch: number;
  readonly range: number;
  readonly gain: number;
  readonly pauses: number;
  /** How far the end rises, semitones. */
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
