import { z } from "zod";
import type { RecordingMeasures } from "../../audio/recordings/recording.js";
import { type RecordingIssueCode, adviceOf, isIssueCode } from "./recording-quality.js";

/** The quality of a recording, as the column `quality` stores it. */
export interface StoredQuality {
  /** From 0 to 1. */
  readonly score: number;
  /** null if the file could not be decoded, or has no speech. */
  readonly measures: RecordingMeasures | null;
  readonly issues: readonly RecordingIssueCode[];
}

/** A fault of a recording, and what its owner can do about the fault. */
export interface RecordingIssue {
  readonly code: RecordingIssueCode;
  readonly advice: string;
}

/** The quality of a recording, as people read it. The measures are null if there was nothing to measure. */
export interface SampleQuality {
  /** From 0 to 1. */
  readonly score: number;
  /** Speech without pauses. */
  readonly speechSeconds: number | null;
  /** The level of the speech above the background noise. */
  readonly snrDb: number | null;
  /** The share of clipped samples, from 0 to 1. */
  readonly clipping: number | null;
  /** The share of the speech that has a pitch, from 0 to 1. */
  readonly voicedShare: number | null;
  /** The level of the speech in dBFS. */
  readonly levelDb: number | null;
  readonly issues: readonly RecordingIssue[];
}

const measuresSchema = z.object({
  speechSeconds: z.number(),
  snrDb: z.number(),
  clippedShare: z.number(),
  voicedShare: z.number(),
  levelDb: z.number(),
});
const qualitySchema = z.object({
  score: z.number(),
  measures: measuresSchema.nullable(),
  issues: z.array(z.string().refine(isIssueCode)),
});

const NOT_MEASURED = {
  speechSeconds: null,
  snrDb: null,
  clippedShare: null,
  voicedShare: null,
  levelDb: null,
};

/** Reads the column `quality`. Returns null for a value of the legacy platform. */
export function readQuality(stored: object | null): SampleQuality | null {
  const { data } = qualitySchema.safeParse(stored);
  if (!data) return null;
  const { score, measures, issues } = data;
  const { clippedShare: clipping, ...measured } = measures ?? NOT_MEASURED;
  return {
    ...{ score, clipping, ...measured },
    issues: issues.map((code) => ({ code, advice: adviceOf(code, measures) })),
  };
}
