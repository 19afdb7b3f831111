import { z } from "zod";
import type { JobDefinition } from "../../../jobs/queue.port.js";
import type { SoundSweep } from "./sound-sweep.js";

const payload = z.object({ userId: z.string().min(1) });

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
export const SWEEP_EVERY_SECONDS = 7 * 24 * 3600;

export const soundSweepJob = (sweeps: SoundSweep): JobDefinition<z.output<typeof payload>> => ({
  ...SOUND_SWEEP_JOB,
  run: ({ userId }) => sweeps.run(userId),
  giveUp: async (_payload, { errorId }) =>
    `A sound sweep failed after its last retry (error id ${errorId})`,
});
