import { analyseText } from "./analyser/index.js";
import { type PackedAnalysis, packAnalysis } from "./packed-analysis.js";

/** The entry point of a worker thread: takes one text and returns its analysis. */
export function analyse({
  text,
  language,
}: {
  readonly text: string;
  readonly language: string;
}): PackedAnalysis {
  return packAnalysis(analyseText(text, { language }), text);
}
