import { type AnalysisDocument, analyseText } from "./index.js";

/** The entry point of a worker thread: takes one text and returns its document. */
export function analyse(input: {
  readonly text: string;
  readonly language: string;
}): AnalysisDocument {
  return analyseText(input.text, { language: input.language });
}
