import type { ErasedSweeps, LostRenders } from "../instances/index.js";
import type { Logger } from "../platform/logging.js";
import type { AnalysisService, CatalogueSamples } from "../reference/index.js";

/** The numbers of jobs that were queued. */
export interface LostWork {
  readonly analyses: number;
  readonly renders: number;
  /**
   * Samples of voices without a sample. Such a sample was not lost, because a new voice has no job for
   * its sample yet.
   */
  readonly samples: number;
}

interface Searched {
  readonly analyses: Pick<AnalysisService, "requeueLost">;
  readonly renders: Pick<LostRenders, "requeue">;
  readonly sweeps: Pick<ErasedSweeps, "queue">;
  /** Null if this process queues no samples. */
  readonly samples: Pick<CatalogueSamples, "queueMissing"> | null;
}

/**
 * Queues new jobs for analyses and renders whose jobs were lost. Also queues the missing samples of
 * voices, and the sweeps of erased users.
 */
export async function queueLostWork(
  { analyses, renders, sweeps, samples }: Searched,
  logger: Logger,
): Promise<LostWork> {
  const lost = { analyses: await analyses.requeueLost(), renders: await renders.requeue() };
  if (lost.analyses + lost.renders > 0)
    logger.warn(lost, "Queued work again that had lost its job");
  await sweeps.queue();
  const missing = (await samples?.queueMissing()) ?? 0;
  if (missing > 0) logger.info({ samples: missing }, "Queued the missing samples of voices");
  return { ...lost, samples: missing };
}
