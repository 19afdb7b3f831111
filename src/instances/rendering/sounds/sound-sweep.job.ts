import { z } from "zod";
import type { JobDefinition, JobQueue } from "../../../jobs/queue.port.js";
import type { SweepSoon } from "../../sweep-soon.js";
import type { SoundSweep } from "./sound-sweep.js";

const payload = z.object({
  userId: z.string().min(1),
  /** True after the owner deleted or unpublished something, and after the owner was erased. */
  isAfterDeletion: z.boolean().optional(),
});

/**
 * The name, payload and limits of the job. These settings are enough to create the queue and to send the
 * job.
 */
export const SOUND_SWEEP_JOB = {
  name: "sweep-sound",
  payload,
  retryLimit: 3,
  timeoutSeconds: 3600,
} as const;

/**
 * The delay before a queued sweep runs. This delay is also the time between two sweeps of one owner.
 */
const EVERY_SECONDS = 7 * 24 * 3600;

/**
 * The same after a deletion. A sweep that finds sound too young to delete runs again after this time, so
 * the sound is gone within a day.
 */
const AFTER_DELETION_SECONDS = 6 * 3600;

export const soundSweepJob = (sweeps: SoundSweep): JobDefinition<z.output<typeof payload>> => ({
  ...SOUND_SWEEP_JOB,
  run: ({ userId, isAfterDeletion }) => sweeps.run(userId, isAfterDeletion),
  giveUp: async (_payload, { errorId }) =>
    `A sound sweep failed after its last retry (error id ${errorId})`,
});

/** Returns how sweeps are queued: each week while there is sound, and soon after a deletion. */
export const queueSweeps = (
  queue: JobQueue,
): { readonly sweepLater: SweepSoon; readonly sweepSoon: SweepSoon } => ({
  sweepLater: (tx, { userId }) => {
    const later = { seconds: EVERY_SECONDS, key: userId };
    return queue.enqueue(tx, SOUND_SWEEP_JOB, { userId }, { later });
  },
  sweepSoon: (tx, { userId }) => {
    const later = { seconds: AFTER_DELETION_SECONDS, key: `${userId} after deletion` };
    return queue.enqueue(tx, SOUND_SWEEP_JOB, { userId, isAfterDeletion: true }, { later });
  },
});
