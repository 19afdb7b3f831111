import { analyseText } from "./analyser/index.js";
import { type PackedAnalysis, packAnalysis } from "./packed-analysis.js";

/** Analyses one text. Runs in a worker thread. */
export function analyse({
  text,
  language,
}: {
  readonly text: string;
  readonly language: string;
}): PackedAnalysis {
  return packAnalysis(analyseText(text, { language }), text);
}
