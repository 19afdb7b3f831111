import { z } from "zod";
import { type JobDefinition, Priority, type SendOptions } from "../../jobs/queue.port.js";
import type { AnalysisOrder, AnalysisService } from "./analysis.service.js";

const payload = z.object({ analysisId: z.number().int().positive() });
type AnalysisPayload = z.output<typeof payload>;

/**
 * The name, payload and limits of the job. Migrations create the queue from these values, without
 * the code that runs the job.
 */
export const ANALYSIS_JOB = {
  name: "analyse-story",
  payload,
  retryLimit: 3,
  timeoutSeconds: 600,
} as const;

/** A text with at most this many words is short. Its analysis takes at most about a second. */
const MOST_SHORT_WORDS = 20_000;

/**
 * Returns how the queue orders an analysis. Authors take turns, and a short text never waits for a
 * long text.
 */
export const analysisTurn = ({
  authorId,
  wordCount,
}: Omit<AnalysisOrder, "analysisId">): SendOptions => ({
  ...(authorId === null ? {} : { group: authorId }),
  priority: wordCount <= MOST_SHORT_WORDS ? Priority.High : Priority.Normal,
});

/** Analyses one published text. */
export const analysisJob = (analyses: AnalysisService): JobDefinition<AnalysisPayload> => ({
  ...ANALYSIS_JOB,
  // Each process analyses one short and one long text at the same time. Two long texts at the same
  // time would need twice the memory.
  concurrency: 0,
  reserved: { high: 1, normal: 1 },
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
