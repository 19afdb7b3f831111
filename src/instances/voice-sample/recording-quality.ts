import {
  LONGEST_SECONDS,
  type RecordingMeasures,
  RecordingProblem,
} from "../../audio/recordings/recording.js";

/** The issues of a decoded recording. The first five block, the others are hints. */
const QualityIssue = {
  TooShort: "too_short",
  TooQuiet: "too_quiet",
  Clipped: "clipped",
  Noisy: "noisy",
  Unvoiced: "unvoiced",
  RatherQuiet: "rather_quiet",
  SomeClipping: "some_clipping",
  SomeNoise: "some_noise",
} as const;

/** Faults of this server. The recording may be good. */
const ServerIssue = {
  /** The storage lost the file before a job read the file. */
  FileLost: "file_lost",
  /** The job failed in all its tries. */
  ProcessingFailed: "processing_failed",
} as const;

export const RecordingIssueCode = { ...RecordingProblem, ...QualityIssue, ...ServerIssue } as const;
export type RecordingIssueCode = (typeof RecordingIssueCode)[keyof typeof RecordingIssueCode];

const CODES: ReadonlySet<string> = new Set(Object.values(RecordingIssueCode));

export const isIssueCode = (text: string): text is RecordingIssueCode => CODES.has(text);

const HINTS: ReadonlySet<RecordingIssueCode> = new Set([
  QualityIssue.RatherQuiet,
  QualityIssue.SomeClipping,
  QualityIssue.SomeNoise,
]);

/** A take with less speech has too few different sounds to learn from. */
const LEAST_SPEECH_SECONDS = 2;
/**
 * Below the first number, noise covers the weak consonants, and pitch and spectrum are wrong. A quiet
 * room with a headset reaches 30 dB, a laptop on a desk 20 dB.
 */
const LEAST_SNR_DB = 12;
const GOOD_SNR_DB = 20;
const IDEAL_SNR_DB = 30;
/**
 * Most microphones give speech of -35 to -15 dB. At -42 dB, a gain of 20 dB is needed, which makes
 * the noise of the microphone audible.
 */
const LEAST_LEVEL_DB = -42;
const GOOD_LEVEL_DB = -35;
const IDEAL_LEVEL_DB = -26;
/**
 * Unclipped speech has less than 0.01 % of its samples at the highest level. From 0.2 %, the loudest
 * syllables are audibly distorted, and with 1 %, most syllables.
 */
const MOST_CLIPPED_SHARE = 0.01;
const GOOD_CLIPPED_SHARE = 0.002;
/**
 * Read English has voice in 0.55 to 0.8 of its frames, and a breathy speaker in half. Below 0.3, the
 * recording is whispered, or the microphone lost the low frequencies.
 */
const LEAST_VOICED_SHARE = 0.3;

export interface RecordingJudgement {
  /** 0 for a recording that is refused, 0.5 for one that just passes, 1 for one without any fault. */
  readonly score: number;
  readonly issues: readonly RecordingIssueCode[];
}

interface Take {
  /** A whispered take has no voice, so its voiced share says nothing. */
  readonly isWhispered: boolean;
}

/** Judges whether a voice can be learned from a recording. */
export function judgeRecording(measures: RecordingMeasures, take: Take): RecordingJudgement {
  const issues = issuesOf(measures, take);
  return { score: isAcceptable(issues) ? scoreOf(measures) : 0, issues };
}

/** True if no issue blocks the recording. Hints do not block. */
export const isAcceptable = (issues: readonly RecordingIssueCode[]): boolean =>
  issues.every((code) => HINTS.has(code));

function issuesOf(measures: RecordingMeasures, { isWhispered }: Take): RecordingIssueCode[] {
  const { speechSeconds, levelDb, clippedShare, snrDb, voicedShare } = measures;
  const found: readonly (RecordingIssueCode | null)[] = [
    speechSeconds < LEAST_SPEECH_SECONDS ? QualityIssue.TooShort : null,
    graded(GOOD_LEVEL_DB - levelDb, GOOD_LEVEL_DB - LEAST_LEVEL_DB, {
      hint: QualityIssue.RatherQuiet,
      block: QualityIssue.TooQuiet,
    }),
    graded(clippedShare - GOOD_CLIPPED_SHARE, MOST_CLIPPED_SHARE - GOOD_CLIPPED_SHARE, {
      hint: QualityIssue.SomeClipping,
      block: QualityIssue.Clipped,
    }),
    graded(GOOD_SNR_DB - snrDb, GOOD_SNR_DB - LEAST_SNR_DB, {
      hint: QualityIssue.SomeNoise,
      block: QualityIssue.Noisy,
    }),
    !isWhispered && voicedShare < LEAST_VOICED_SHARE ? QualityIssue.Unvoiced : null,
  ];
  return found.filter((code) => code !== null);
}

/** @param excess how much a measure misses the good value; at `most` the measure blocks */
function graded(
  excess: number,
  most: number,
  { hint, block }: { readonly hint: RecordingIssueCode; readonly block: RecordingIssueCode },
): RecordingIssueCode | null {
  if (excess > most) return block;
  return excess > 0 ? hint : null;
}

function scoreOf({ snrDb, levelDb, clippedShare }: RecordingMeasures): number {
  const parts = [
    share(snrDb, LEAST_SNR_DB, IDEAL_SNR_DB),
    share(levelDb, LEAST_LEVEL_DB, IDEAL_LEVEL_DB),
    share(clippedShare, MOST_CLIPPED_SHARE, 0),
  ];
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  return Number((0.5 + mean / 2).toFixed(2));
}

/** Returns 0 at `worst` and 1 at `best`. */
const share = (value: number, worst: number, best: number): number =>
  Math.max(0, Math.min(1, (value - worst) / (best - worst)));

type Advice = string | ((measures: RecordingMeasures) => string);

const ADVICE: Readonly<Record<RecordingIssueCode, Advice>> = {
  empty_file: "Record again: the file that arrived is empty.",
  unknown_format:
    "Send a sound file: WebM, Ogg, MP3, WAV, FLAC or M4A. The file that arrived is none of them.",
  unsupported_format:
    "Send the sound alone, as WebM or Ogg with Opus, Ogg Vorbis, MP3, WAV, FLAC or M4A with AAC, at 8 to 192 kHz. This server cannot read the file that arrived.",
  damaged_file: "Record or export the sound again: the file is damaged and cannot be read.",
  too_long: `Record at most ${LONGEST_SECONDS} seconds at a time, and send the rest as another take.`,
  no_speech:
    "Read the text aloud near the microphone, and check that the right microphone is chosen: the recording has no speech.",
  too_short: ({ speechSeconds }) =>
    `Read more of the text: the recording has ${oneDigit(speechSeconds)} s of speech, and a take needs ${LEAST_SPEECH_SECONDS} s.`,
  too_quiet: ({ levelDb }) =>
    `Move closer to the microphone: the recording is ${atLeastOne(LEAST_LEVEL_DB - levelDb)} dB too quiet.`,
  clipped: ({ clippedShare }) =>
    `Move away from the microphone or turn its level down: ${percent(clippedShare)} of the speech is distorted, and at most ${percent(MOST_CLIPPED_SHARE)} may be.`,
  noisy: ({ snrDb }) =>
    `Find a quieter place or move closer to the microphone: the speech is ${oneDigit(snrDb)} dB above the noise, and at least ${LEAST_SNR_DB} dB are needed.`,
  unvoiced: ({ voicedShare }) =>
    `Read with your full voice: only ${percent(voicedShare)} of the speech is voiced, and at least ${percent(LEAST_VOICED_SHARE)} are needed.`,
  rather_quiet: ({ levelDb }) =>
    `Next time, move closer to the microphone: the recording is ${atLeastOne(GOOD_LEVEL_DB - levelDb)} dB quieter than is good.`,
  some_clipping: ({ clippedShare }) =>
    `Next time, turn the level of the microphone down: ${percent(clippedShare)} of the speech is distorted.`,
  some_noise: ({ snrDb }) =>
    `Next time, find a quieter place: the speech is ${oneDigit(snrDb)} dB above the noise, and ${GOOD_SNR_DB} dB are good.`,
  file_lost: "Record again: this server lost the file. The fault is ours.",
  processing_failed:
    "Send the recording again: this server could not measure the recording. The fault is ours.",
};

const oneDigit = (value: number): string => value.toFixed(1);
const percent = (value: number): string => `${Number((value * 100).toPrecision(2))} %`;
/** A recording that misses the limit by less than 1 dB would otherwise be "0 dB too quiet". */
const atLeastOne = (db: number): number => Math.max(1, Math.round(db));

/**
 * Says what to do about an issue.
 * @param measures the measures of the recording; null for a file that was not decoded
 */
export function adviceOf(code: RecordingIssueCode, measures: RecordingMeasures | null): string {
  const advice = ADVICE[code];
  if (typeof advice === "string") return advice;
  if (measures === null) throw new Error(`The advice about ${code} needs the measures.`);
  return advice(measures);
}
