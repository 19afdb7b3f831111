/** The longest recording that is accepted, seconds. */
export const LONGEST_SECONDS = 180;

/**
 * An encoder adds silence at both ends, at most a few tenths of a second. A recording of exactly
 * `LONGEST_SECONDS` may be longer than that by this much.
 */
export const PADDING_SECONDS = 1;

/** The sample rate of every master, Hz. */
export const MASTER_RATE = 24_000;

/** What a decoded recording measures. All numbers are finite. */
export interface RecordingMeasures {
  /** The sum of all stretches with speech, seconds. */
  readonly speechSeconds: number;
  /**
   * The level of speech above the level of the noise, dB, at most 90. The noise is the level of the
   * quietest twentieth of the recording. Without any pause, this is weak speech, and the number is too
   * low.
   */
  readonly snrDb: number;
  /** The clipped samples as a share of the samples of speech, 0 to 1. */
  readonly clippedShare: number;
  /** The frames of speech in which the vocal cords sound, as a share of all frames of speech, 0 to 1. */
  readonly voicedShare: number;
  /** The root mean square of speech as it was recorded, dB relative to full scale. */
  readonly levelDb: number;
}

/** Why a file could not become a recording. */
export const RecordingProblem = {
  /** The file has no bytes. */
  EmptyFile: "empty_file",
  /** The bytes are not those of a known kind of sound file. */
  UnknownFormat: "unknown_format",
  /** The file is a sound or video file of a kind that is not accepted. */
  UnsupportedFormat: "unsupported_format",
  /** The file claims to be an accepted kind, but its sound cannot be read. */
  DamagedFile: "damaged_file",
  /** The sound is longer than `LONGEST_SECONDS`. */
  TooLong: "too_long",
  /** The sound contains no speech. */
  NoSpeech: "no_speech",
} as const;
export type RecordingProblem = (typeof RecordingProblem)[keyof typeof RecordingProblem];

/** The answer about an uploaded file. It is plain data, so that it can leave a thread. */
export type PreparedRecording =
  | {
      readonly kind: "decoded";
      /** The key of the master in the storage: a WAV file, mono, 16 bits, at `MASTER_RATE`. */
      readonly masterKey: string;
      /** The length of the master. */
      readonly durationMs: number;
      readonly measures: RecordingMeasures;
    }
  | {
      readonly kind: "refused";
      readonly problem: RecordingProblem;
      /** The length of the sound, if known. */
      readonly seconds?: number;
    };

/** Thrown for a file that cannot become a recording. */
export class RefusedRecording extends Error {
  /** @param seconds the length of the sound, if known */
  constructor(
    readonly problem: RecordingProblem,
    readonly seconds?: number,
  ) {
    super(`The recording was refused: ${problem}.`);
  }
}

/** The bytes of an uploaded file. Any part can be read, so the file is never whole in memory. */
export interface RecordingSource {
  readonly sizeBytes: number;
  /** Returns the bytes from `start` up to but not including `end`. */
  read(start: number, end: number): Promise<Uint8Array>;
}
