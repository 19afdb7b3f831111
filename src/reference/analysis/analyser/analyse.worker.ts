import { type AnalysisDocument, analyseText } from "./index.js";

/** A worker thread's entry: one text in, its document out. */
export function analyse(input: {
  readonly text: string;
  readonly language: string;
}): AnalysisDocument {
  return analyseText(input.text, { language: input.language });
}
