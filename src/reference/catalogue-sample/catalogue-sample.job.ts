import type { JobDefinition } from "../../jobs/queue.port.js";
import type { CatalogueSamples } from "./catalogue-sample.service.js";
import { CATALOGUE_SAMPLE_JOB, type SampleOrder } from "./sample-order.js";

/** Speaks the sample of one voice of the catalogue. */
export const catalogueSampleJob = (samples: CatalogueSamples): JobDefinition<SampleOrder> => ({
  ...CATALOGUE_SAMPLE_JOB,
  // A provider that does not answer must not hold up the voices of the other providers.
  concurrency: 2,
  run: async ({ voice }, signal) => {
    const isNew = await samples.make(voice, signal);
    return isNew ? `Spoke the sample of ${voice}` : "A sample of a voice needs no work";
  },
  giveUp: async ({ voice }, { message, errorId }) => {
    await samples.makeLater(voice);
    const reason = message ?? `error id ${errorId}`;
    return `The sample of ${voice} failed and will be tried again later: ${reason}`;
  },
});
