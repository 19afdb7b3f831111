import type { AnalysisDegradation, AnalysisEntity } from "../analysis.entity.js";
import type { PackedAnalysis } from "./packed-analysis.js";

/**
 * What identifies an analyser. The same key always gives the same kind of document, so a text has at most one
 * analysis of each key.
 */
export interface AnalyserKey {
  readonly id: string;
  readonly version: string;
  /** The language model. Empty if the analyser uses none. */
  readonly model: string;
  /** The version of what the model is told. Empty without a model. */
  readonly promptVersion: string;
  /** The version of the document's format. */
  readonly schemaVersion: number;
}

/** What a person can choose between. */
export const AnalyserKind = { Embedded: "embedded", Model: "model" } as const;
export type AnalyserKind = (typeof AnalyserKind)[keyof typeof AnalyserKind];

/** The id of the analyser that asks a language model, whichever model. */
export const MODEL_ANALYSER_ID = "model";

/** The key and the rank that an analyser's rows get. */
export interface AnalyserRef {
  readonly key: AnalyserKey;
  /** If a text has several ready analyses, the one with the highest rank is used. */
  readonly rank: number;
}

/** An analysis that can be stored. */
export interface FinishedAnalysis extends PackedAnalysis {
  /** What the analyser could not do. Default: nothing. */
  readonly degraded?: readonly AnalysisDegradation[];
}

/** A text whose analysis was requested. */
export interface AnalyserOrder {
  readonly analysis: AnalysisEntity;
  readonly content: string;
  readonly signal: AbortSignal;
}

/** Analyses texts. */
export interface Analyser extends AnalyserRef {
  /**
   * If the signal aborts, the work ends.
   * @throws AnalysisEnded, AnalysisTaken, AnalysisPostponed, or an error that lets the job try again
   */
  analyse(order: AnalyserOrder): Promise<FinishedAnalysis>;
}

/** The NOTIFY channel for changes of an analysis. The payload is the content hash of the text. */
export const ANALYSIS_CHANNEL = "story_analysis";

/** Why the analysis of a text ends that is in no published story. */
export const NO_STORY =
  "No published story has this text any more; publish a story with this text to analyse it.";

/** The analyser will not analyse the text. The analysis fails, and its job is done. */
export class AnalysisEnded extends Error {
  /** @param shortfall what the text's other analyses tell of this. Null if they tell nothing. */
  constructor(
    message: string,
    readonly shortfall: string | null = null,
  ) {
    super(message);
  }
}

/** The analysis is gone, or another worker has ended the analysis. Nothing is left to do. */
export class AnalysisTaken extends Error {}

/** The analyser cannot go on now. The analysis waits, and continues later. */
export class AnalysisPostponed extends Error {
  constructor(
    message: string,
    readonly seconds: number,
    readonly shortfall: string | null = null,
  ) {
    super(message);
  }
}

/** Returns true if an analysis was requested from this analyser, in this version. */
export const isBy = (analysis: AnalysisEntity, { key }: AnalyserRef): boolean =>
  analysis.analyzerId === key.id &&
  analysis.analyzerVersion === key.version &&
  analysis.model === key.model &&
  analysis.promptVersion === key.promptVersion &&
  analysis.schemaVersion === key.schemaVersion;
