import type { LostRenders } from "../instances/index.js";
import type { Logger } from "../platform/logging.js";
import type { AnalysisService, CatalogueSamples } from "../reference/index.js";

/** How much work was queued. */
export interface LostWork {
  readonly analyses: number;
  readonly renders: number;
  /** Samples of voices that did not exist. The sample of a new voice never had a job. */
  readonly samples: number;
}

interface Searched {
  readonly analyses: Pick<AnalysisService, "requeueLost">;
  readonly renders: Pick<LostRenders, "requeue">;
  /** Null: this process queues no samples. */
  readonly samples: Pick<CatalogueSamples, "queueMissing"> | null;
}

/** Queues the work again that lost its jobs, and the samples that do not exist. */
export async function queueLostWork(
  { analyses, renders, samples }: Searched,
  logger: Logger,
): Promise<LostWork> {
  const lost = { analyses: await analyses.requeueLost(), renders: await renders.requeue() };
  if (lost.analyses + lost.renders > 0)
    logger.warn(lost, "Queued work again that had lost its job");
  const missing = (await samples?.queueMissing()) ?? 0;
  if (missing > 0) logger.info({ samples: missing }, "Queued the missing samples of voices");
  return { ...lost, samples: missing };
}
