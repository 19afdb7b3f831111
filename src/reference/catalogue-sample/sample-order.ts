import { z } from "zod";

const payload = z.object({ voice: z.string().min(1) });
export type SampleOrder = z.output<typeof payload>;

/** The job's name, payload and limits. The queue needs them before a worker can run the job. */
export const CATALOGUE_SAMPLE_JOB = {
  name: "speak-catalogue-sample",
  payload,
  retryLimit: 3,
  timeoutSeconds: 300,
} as const;
