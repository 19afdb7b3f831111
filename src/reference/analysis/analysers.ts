import type { AnalysisEntity } from "./analysis.entity.js";
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

/** The key and the rank that an analyser's rows get. */
export interface AnalyserRef {
  readonly key: AnalyserKey;
  /** If a text has several ready analyses, the one with the highest rank is used. */
  readonly rank: number;
}

/** Analyses texts. */
export interface Analyser extends AnalyserRef {
  /** If the signal aborts, the work ends. @throws every error that must let the job try again */
  analyse(order: {
    readonly analysis: AnalysisEntity;
    readonly content: string;
    readonly signal: AbortSignal;
  }): Promise<PackedAnalysis>;
}

/** Returns true if an analysis was requested from this analyser, in this version. */
export const isBy = (analysis: AnalysisEntity, { key }: AnalyserRef): boolean =>
  analysis.analyzerId === key.id &&
  analysis.analyzerVersion === key.version &&
  analysis.model === key.model &&
  analysis.promptVersion === key.promptVersion &&
  analysis.schemaVersion === key.schemaVersion;
