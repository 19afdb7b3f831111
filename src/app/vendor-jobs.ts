import {
  VENDOR_VOICE_JOB,
  VendorVoiceCleanup,
  VendorVoiceSweep,
  queueLaterCleanup,
  queueVendorCleanup,
  queueVendorSweep,
  vendorSweepJob,
  vendorVoiceJob,
} from "../instances/index.js";
import type { Parts } from "./parts.js";

/** Creates the jobs that delete clones at vendors. */
export function createVendorJobs({
  database,
  clock,
  cloning,
  queue,
}: Pick<Parts, "database" | "clock" | "cloning" | "queue">) {
  const use = { database, clock, cloning };
  const cleanup = new VendorVoiceCleanup({
    ...{ ...use, enqueueLater: queueLaterCleanup(queue) },
    findWithoutJob: (orders) => queue.findWithoutJob(VENDOR_VOICE_JOB, orders),
  });
  const sweep = new VendorVoiceSweep({ ...use, enqueue: queueVendorCleanup(queue) });
  const remote = cloning.filter(({ isRemote }) => isRemote);
  const queueSweep = queueVendorSweep(queue);
  return {
    definitions: [vendorVoiceJob(cleanup), vendorSweepJob(sweep)] as const,
    cleanup,
    queueSweeps: async (): Promise<void> => {
      for (const { id } of remote) await database.write(null, (tx) => queueSweep(tx, id));
    },
  };
}
