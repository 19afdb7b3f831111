import { z } from "zod";
import type { JobDefinition, JobQueue } from "../../jobs/queue.port.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { SampleOrder } from "./sample-order.js";
import type { SampleProcessing } from "./sample-processing.js";

const payload = z.object({
  userId: z.string().min(1),
  sampleId: z.string().regex(/^\d+$/),
});

/**
 * The name, payload and limits of the job. These settings are enough to create the queue and to send the
 * job.
 */
export const SAMPLE_JOB = {
  name: "process-voice-sample",
  payload,
  retryLimit: 3,
  timeoutSeconds: 300,
} as const;

export type EnqueueSample = (tx: Tx, order: SampleOrder) => Promise<void>;

/** Returns how recordings are queued: owners take turns. */
export const queueSamples =
  (queue: JobQueue): EnqueueSample =>
  (tx, order) =>
    queue.enqueue(tx, SAMPLE_JOB, order, { group: order.userId });

/** Returns the job that processes one recording. */
export const sampleJob = (samples: SampleProcessing): JobDefinition<z.output<typeof payload>> => ({
  ...SAMPLE_JOB,
  run: (order, signal) => samples.run(order, signal),
  giveUp: (order, failure) => samples.giveUp(order, failure),
});
