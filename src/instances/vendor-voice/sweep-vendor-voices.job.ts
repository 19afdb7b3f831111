import { z } from "zod";
import type { JobDefinition, JobQueue } from "../../jobs/queue.port.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { VendorVoiceSweep } from "./vendor-voice-sweep.js";

const payload = z.object({ provider: z.string().min(1) });

/**
 * The name, payload and limits of the job. These settings are enough to create the queue and to send the
 * job.
 */
export const VENDOR_SWEEP_JOB = {
  name: "sweep-vendor-voices",
  payload,
  retryLimit: 3,
  timeoutSeconds: 1800,
} as const;

const EVERY_SECONDS = 6 * 3600;

/** Returns how the sweep of a vendor is queued. All workers together queue one sweep in six hours. */
export const queueVendorSweep =
  (queue: JobQueue): ((tx: Tx, provider: string) => Promise<void>) =>
  (tx, provider) =>
    queue.enqueue(
      tx,
      VENDOR_SWEEP_JOB,
      { provider },
      { later: { seconds: EVERY_SECONDS, key: provider } },
    );

/** Returns the job that sweeps the clones at one vendor. */
export const vendorSweepJob = (
  sweep: VendorVoiceSweep,
): JobDefinition<z.output<typeof payload>> => ({
  ...VENDOR_SWEEP_JOB,
  run: ({ provider }, signal) => sweep.run(provider, signal),
  giveUp: ({ provider }, { errorId }) =>
    Promise.resolve(`The sweep of the clones at ${provider} failed (error id ${errorId})`),
});
