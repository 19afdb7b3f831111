import { analyseSegments } from "../analyser/index.js";
import { AnalysisPacker, type PackedAnalysis } from "./packed-analysis.js";

/** Analyses one text. Runs in a worker thread. */
export function analyse({
  text,
  language,
}: {
  readonly text: string;
  readonly language: string;
}): PackedAnalysis {
  const packer = new AnalysisPacker(text);
  return packer.finish(
    analyseSegments(text, { language }, (segment) => {
      packer.add(segment);
    }),
  );
}
