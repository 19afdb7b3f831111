import { z } from "zod";
import type { JobDefinition, JobQueue } from "../../../jobs/queue.port.js";
import type { EmotionTraining } from "./emotion-training.js";
import type { EnqueueTraining } from "./voice-order.js";

const payload = z.object({
  userId: z.string().min(1),
  voiceId: z.string().regex(/^\d+$/),
});

/**
 * The name, payload and limits of the job. These settings are enough to create the queue and to send the
 * job.
 */
export const TRAINING_JOB = {
  name: "train-voice",
  payload,
  retryLimit: 3,
  // A person has some fifteen templates. Each may take five minutes.
  timeoutSeconds: 2 * 3600,
  // While one job waits for a vendor, another can use the thread that trains here.
  concurrency: 2,
  isResumed: true,
} as const;

/** Returns how trainings are queued: owners take turns. */
export const queueTrainings =
  (queue: JobQueue): EnqueueTraining =>
  (tx, order) =>
    queue.enqueue(tx, TRAINING_JOB, order, { group: order.userId });

/** Returns the job that trains the emotion voices of one personal voice. */
export const trainingJob = (
  trainings: EmotionTraining,
): JobDefinition<z.output<typeof payload>> => ({
  ...TRAINING_JOB,
  run: (order, signal) => trainings.run(order, signal),
  giveUp: (order, failure) => trainings.giveUp(order, failure),
});
