import { z } from "zod";
import type { JobDefinition } from "../../../jobs/queue.port.js";
import type { SoundSweep } from "./sound-sweep.js";

const payload = z.object({ userId: z.string().min(1) });

/** What the queue needs to know of the job before anything can run it. */
export const SOUND_SWEEP_JOB = {
  name: "sweep-sound",
  payload,
  retryLimit: 3,
  timeoutSeconds: 3600,
} as const;

/** How long a sweep waits, and how often an owner's comes. */
export const SWEEP_EVERY_SECONDS = 7 * 24 * 3600;

export const soundSweepJob = (sweeps: SoundSweep): JobDefinition<z.output<typeof payload>> => ({
  ...SOUND_SWEEP_JOB,
  run: ({ userId }) => sweeps.run(userId),
  giveUp: async (_payload, { errorId }) => `Gave up on a sweep of sound (error id ${errorId})`,
});
