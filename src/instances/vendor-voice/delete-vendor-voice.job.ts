import { z } from "zod";
import type { JobDefinition, JobQueue } from "../../jobs/queue.port.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { VendorVoiceCleanup } from "./vendor-voice-cleanup.js";

const payload = z.object({ label: z.string().min(1) });

/**
 * The name, payload and limits of the job. These settings are enough to create the queue and to send the
 * job.
 */
export const VENDOR_VOICE_JOB = {
  name: "delete-vendor-voice",
  payload,
  retryLimit: 3,
  timeoutSeconds: 300,
} as const;

/**
 * The pause between two jobs for one clone. A vendor that is down, or refuses the key, is asked again after
 * this time.
 */
const AGAIN_SECONDS = 600;

/** Returns how the deletion of a clone is queued. */
export const queueVendorCleanup =
  (queue: JobQueue): ((tx: Tx, label: string) => Promise<void>) =>
  (tx, label) =>
    queue.enqueue(tx, VENDOR_VOICE_JOB, { label });

/** Returns how the deletion of a clone is queued for a later time. */
export const queueLaterCleanup =
  (queue: JobQueue) =>
  (tx: Tx, label: string, seconds: number = AGAIN_SECONDS): Promise<void> =>
    queue.enqueue(tx, VENDOR_VOICE_JOB, { label }, { later: { seconds, key: label } });

/** Returns the job that deletes one clone at its vendor. */
export const vendorVoiceJob = (
  cleanup: VendorVoiceCleanup,
): JobDefinition<z.output<typeof payload>> => ({
  ...VENDOR_VOICE_JOB,
  run: ({ label }, signal) => cleanup.run(label, signal),
  // The row stays unwanted, so the upkeep queues a new job.
  giveUp: ({ label }, { errorId }) =>
    Promise.resolve(`Could not delete clone ${label} yet (error id ${errorId})`),
});
