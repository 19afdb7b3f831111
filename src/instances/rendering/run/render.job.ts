import { z } from "zod";
import type { JobDefinition } from "../../../jobs/queue.port.js";
import type { RenderRun } from "./render-run.js";

const payload = z.object({
  userId: z.string().min(1),
  narrationId: z.string().regex(/^\d+$/),
  attempt: z.number().int().positive(),
});

/** The settings that the queue needs before a worker can run the job. */
export const RENDER_JOB = {
  name: "render-narration",
  payload,
  retryLimit: 3,
  timeoutSeconds: 4 * 3600,
} as const;

/** Returns the job that renders one narration. */
export const renderJob = (renders: RenderRun): JobDefinition<z.output<typeof payload>> => ({
  ...RENDER_JOB,
  // Four renders run at the same time. With only one, a short story would wait for a book that was
  // queued before it.
  concurrency: 4,
  isResumed: true,
  run: (order, signal) => renders.run(order, signal),
  giveUp: (order, failure) => renders.giveUp(order, failure),
});
