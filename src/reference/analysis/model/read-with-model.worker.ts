import { type Analyzer, analyseText } from "../analyser/index.js";
import { type PackedAnalysis, packAnalysis } from "../running/packed-analysis.js";
import { type ModelReadings, applyReadings } from "./apply-readings.js";
import { type ReadingPlan, estimateReading, planReading } from "./model-reader.js";

/** What a model is asked about a text, and the estimated tokens of all prompts and answers. */
export interface PlannedReading {
  readonly plan: ReadingPlan;
  readonly tokens: number;
}

/** Plans the reading of a text. Runs in a worker thread. */
export function planInThread({
  text,
  language,
  contextTokens,
}: {
  readonly text: string;
  readonly language: string;
  readonly contextTokens: number;
}): PlannedReading {
  const plan = planReading(text, analyseText(text, { language }));
  return { plan, tokens: estimateReading(text, plan, { contextTokens }) };
}

/** Returns the analysis of a text that a model has read. Runs in a worker thread. */
export function applyInThread({
  text,
  language,
  readings,
  analyzer,
}: {
  readonly text: string;
  readonly language: string;
  readonly readings: ModelReadings;
  readonly analyzer: Analyzer;
}): PackedAnalysis {
  const document = applyReadings(analyseText(text, { language }), readings, analyzer);
  return packAnalysis(document, text);
}
