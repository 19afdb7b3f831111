import { ANALYSER } from "../analyser/index.js";
import type { Analyser, AnalyserRef } from "./analysers.js";
import type { PackedAnalysis } from "./packed-analysis.js";

/** Runs the embedded analyser in a worker thread. If the signal aborts, the work ends. */
export type Analyse = (
  text: string,
  options: { readonly language: string; readonly signal: AbortSignal },
) => Promise<PackedAnalysis>;

/**
 * Legacy analyses have the rank 0, analyses of a language model the rank 20. Each version of the embedded
 * analyser has a higher rank than the version before. Version 1 has the rank 10.
 */
export const EMBEDDED: AnalyserRef = {
  key: { ...ANALYSER, model: "", promptVersion: "" },
  rank: 11,
};

/** The analyser that works everywhere, without a language model. */
export const embeddedAnalyser = (analyse: Analyse): Analyser => ({
  ...EMBEDDED,
  analyse: ({ analysis, content, signal }) =>
    analyse(content, { language: analysis.language, signal }),
});
