import { z } from "zod";
import { type JobDefinition, Priority, type SendOptions } from "../../../jobs/queue.port.js";
import type { RenderOrder } from "../render-order.js";
import type { RenderRun } from "./render-run.js";

const payload = z.object({
  userId: z.string().min(1),
  narrationId: z.string().regex(/^\d+$/),
  attempt: z.number().int().positive(),
});

/**
 * The name, payload and limits of the job. These settings are enough to create the queue and to send the
 * job.
 */
export const RENDER_JOB = {
  name: "render-narration",
  payload,
  retryLimit: 3,
  timeoutSeconds: 4 * 3600,
} as const;

/** The most segments of a short render. 200 segments are about a quarter of an hour of sound. */
const MOST_SHORT_SEGMENTS = 200;

/**
 * Returns the place of a render in the queue. Owners take turns, and short renders run before long
 * renders.
 */
export const renderTurn = ({ userId }: RenderOrder, segmentCount: number): SendOptions => ({
  group: userId,
  priority: segmentCount <= MOST_SHORT_SEGMENTS ? Priority.High : Priority.Normal,
});

/** Returns the job that renders one narration. */
export const renderJob = (renders: RenderRun): JobDefinition<z.output<typeof payload>> => ({
  ...RENDER_JOB,
  // One process runs four renders at the same time: two of any length, one short and one long. Therefore
  // books never take all four places, and short stories never take all four places.
  concurrency: 2,
  reserved: { high: 1, normal: 1 },
  isResumed: true,
  run: (order, signal) => renders.run(order, signal),
  giveUp: (order, failure) => renders.giveUp(order, failure),
});
