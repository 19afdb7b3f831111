import type { AnalysisEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";

/**
 * Finds one analysis by its raw id: of a text that the viewer can read in a story, or of the text that a
 * narration of the viewer was made from. A story can have another text by now. Always looks in both places, so
 * that the number of statements does not depend on rows.
 */
export async function findAnalysis(
  { instances, reference }: FabulaContext,
  raw: string,
): Promise<AnalysisEntity | null> {
  const id = Number(raw);
  const [ofStory, ofNarration] = await Promise.all([
    reference.analyses.readableById.load(id),
    instances?.narrations.analysisById.load(id) ?? null,
  ]);
  return ofStory ?? ofNarration;
}
