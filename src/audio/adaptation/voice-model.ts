/** The version of the models that this code makes and reads. */
export const MODEL_VERSION = 1;

/**
 * How far a voice is adapted. Each level includes the levels before. 1: base voice, formants, pitch
 * and rate. 2: the long-term spectrum. 3: the spectrum of each kind of sound.
 */
export type AdaptationLevel = 1 | 2 | 3;

/**
 * The level that is used unless a person asks for another. A speech recogniser understands this level
 * as well as the base voice (`npm run eval:voice`).
 */
export const DEFAULT_LEVEL: AdaptationLevel = 3;

/** A voice of the speech engine that can be adapted. */
export interface BaseVoice {
  readonly name: string;
  /** The median pitch and the standard deviation (spread) of the voice's pitch, Hz. */
  readonly pitchHz: number;
  readonly spreadHz: number;
  /** False if the engine cannot change the pitch of the voice. */
  readonly takesPitch: boolean;
  /**
   * Factor for the distance to a speaker. A voice that is harder to understand has a higher factor,
   * so that it is chosen less often.
   */
  readonly handicap: number;
}

/** What the speech engine is told. */
export interface EngineSettings {
  /** The mean and the standard deviation (spread) of the pitch, Hz. Absent if the engine takes none. */
  readonly pitchHz?: number;
  readonly spreadHz?: number;
  /** Factor for the duration: 1 is the duration of the engine's voice. */
  readonly stretch: number;
}

/** How one voice of the engine is changed to resemble a speaker. It is plain JSON of about 15 kB. */
export interface VoiceModel {
  readonly version: typeof MODEL_VERSION;
  /** The name of the base voice. */
  readonly base: string;
  /**
   * The formants of the speaker, divided by the formants of the base voice. Also the factor for all
   * frequencies of the engine's sound. Two decimals.
   */
  readonly formantScale: number;
  /** The median pitch and the spread of the speaker's pitch, Hz. */
  readonly pitchHz: number;
  readonly spreadHz: number;
  /** The speaker's duration of a text, divided by the duration of the base voice. */
  readonly stretch: number;
  /** What the engine is told for neutral speech. Includes what the formant scale will change. */
  readonly engine: EngineSettings;
  /**
   * A change of melody after the engine, for a base voice whose pitch the engine cannot change:
   * semitones, and a factor for the range.
   */
  readonly melody: { readonly pitch: number; readonly range: number };
  /** The gain of each band, dB (`BANDS` bands of equal width on the mel scale). Level 2. */
  readonly bandGainsDb: readonly number[];
  /** The kinds of sounds, and how the speaker's differ. Level 3. */
  readonly codebook: readonly SoundClass[];
}

/** A kind of sound, such as the vowel in "see", and how the speaker makes it. */
export interface SoundClass {
  /** The mean cepstrum of the sound in the adapted voice, dB. */
  readonly cepstrum: readonly number[];
  /** The gain of each band, dB. */
  readonly bandGainsDb: readonly number[];
}
