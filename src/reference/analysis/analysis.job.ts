import { z } from "zod";
import type { JobDefinition } from "../../jobs/queue.port.js";
import type { AnalysisService } from "./analysis.service.js";

const payload = z.object({ analysisId: z.number().int().positive() });
type AnalysisPayload = z.output<typeof payload>;

/**
 * The name, payload and limits of the job. The queue needs them before a worker can run the job.
 */
export const ANALYSIS_JOB = {
  name: "analyse-story",
  payload,
  retryLimit: 3,
  timeoutSeconds: 600,
} as const;

/** Analyses one published text. */
export const analysisJob = (analyses: AnalysisService): JobDefinition<AnalysisPayload> => ({
  ...ANALYSIS_JOB,
  run: async ({ analysisId }, signal) => {
    await analyses.run(analysisId, signal);
    return `Finished the job of analysis ${analysisId}`;
  },
  giveUp: async ({ analysisId }, { message, errorId }) => {
    const reason =
      message ?? `Something went wrong on our side. Report the error id ${errorId} to us.`;
    await analyses.fail(analysisId, reason);
    return `Gave up on analysis ${analysisId}: ${reason}`;
  },
});
