import { z } from "zod";
import {
  type JobDefinition,
  type JobQueue,
  Priority,
  type SendOptions,
} from "../../../jobs/queue.port.js";
import { MODEL_ANALYSER_ID } from "./analysers.js";
import type {
  AnalysisOrder,
  AnalysisService,
  EnqueueAnalysis,
  FindWithoutJob,
} from "../analysis.service.js";

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

/** As ANALYSIS_JOB, for analyses by a language model. */
export const MODEL_ANALYSIS_JOB = {
  name: "analyse-with-model",
  payload,
  retryLimit: 3,
  // A novel takes hours on a model at home. The next try continues where this try ended.
  timeoutSeconds: 6 * 3600,
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
}: Pick<AnalysisOrder, "authorId" | "wordCount">): SendOptions => ({
  ...(authorId === null ? {} : { group: authorId }),
  priority: wordCount <= MOST_SHORT_WORDS ? Priority.High : Priority.Normal,
});

const jobOf = (analyserId: string) =>
  analyserId === MODEL_ANALYSER_ID ? MODEL_ANALYSIS_JOB : ANALYSIS_JOB;

export const queueAnalyses =
  (queue: Pick<JobQueue, "enqueue">): EnqueueAnalysis =>
  (tx, { analysisId, analyserId, laterSeconds: seconds, ...order }) => {
    const later = seconds === undefined ? {} : { later: { seconds, key: String(analysisId) } };
    const options = { ...analysisTurn(order), ...later };
    return queue.enqueue(tx, jobOf(analyserId), { analysisId }, options);
  };

export const findAnalysesWithoutJob =
  (queue: Pick<JobQueue, "findWithoutJob">): FindWithoutJob =>
  async (analyserId, ids) => {
    const payloads = ids.map((analysisId) => ({ analysisId }));
    const lost = await queue.findWithoutJob(jobOf(analyserId), payloads);
    return lost.map(({ analysisId }) => analysisId);
  };

/**
 * Each process analyses one short and one long text at the same time. Two long texts at the same
 * time would need twice the memory.
 */
const PLACES = { concurrency: 0, reserved: { high: 1, normal: 1 } };

const workOf = (
  analyses: AnalysisService,
): Pick<JobDefinition<AnalysisPayload>, "run" | "giveUp"> => ({
  run: ({ analysisId }, signal) => analyses.run(analysisId, signal),
  giveUp: async ({ analysisId }, { message, errorId }) => {
    const reason =
      message ?? `Something went wrong on our side. Report the error id ${errorId} to us.`;
    await analyses.fail(analysisId, reason);
    return `Gave up on analysis ${analysisId}: ${reason}`;
  },
});

/** Analyses one published text. */
export const analysisJob = (analyses: AnalysisService): JobDefinition<AnalysisPayload> => ({
  ...ANALYSIS_JOB,
  ...PLACES,
  ...workOf(analyses),
});

/** Lets a language model read one text that the embedded analyser has analysed. */
export const modelAnalysisJob = (analyses: AnalysisService): JobDefinition<AnalysisPayload> => ({
  ...MODEL_ANALYSIS_JOB,
  ...PLACES,
  // Each answer is stored, so another worker continues.
  isResumed: true,
  ...workOf(analyses),
});
