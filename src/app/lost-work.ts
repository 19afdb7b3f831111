import type {
  ErasedSweeps,
  LostRenders,
  LostSamples,
  LostTrainings,
  VendorVoiceCleanup,
} from "../instances/index.js";
import type { Logger } from "../platform/process/logging.js";
import type { AnalysisService, CatalogueSamples } from "../reference/index.js";

/** The numbers of jobs that were queued. */
export interface LostWork {
  readonly analyses: number;
  readonly renders: number;
  /** Recordings of voice samples that wait for their processing. */
  readonly recordings: number;
  /** Personal voices that wait for their training. */
  readonly trainings: number;
  /** Clones that must be deleted at their vendors. */
  readonly clones: number;
  /**
   * Samples of voices without a sample. Such a sample was not lost, because a new voice has no job for
   * its sample yet.
   */
  readonly samples: number;
}

interface Searched {
  readonly analyses: Pick<AnalysisService, "requeueLost" | "requestUnread">;
  readonly renders: Pick<LostRenders, "requeue">;
  readonly recordings: Pick<LostSamples, "requeue">;
  readonly trainings: Pick<LostTrainings, "requeue">;
  readonly clones: Pick<VendorVoiceCleanup, "requeue">;
  readonly sweeps: Pick<ErasedSweeps, "queue">;
  /** Null if this process queues no samples. */
  readonly samples: Pick<CatalogueSamples, "queueMissing"> | null;
}

/**
 * Queues new jobs for analyses, renders, recordings, trainings and deletions of clones whose jobs were lost.
 * Also queues the missing samples of voices, the sweeps of erased users, and texts that the language model has
 * not read.
 */
export async function queueLostWork(
  { analyses, renders, recordings, trainings, clones, sweeps, samples }: Searched,
  logger: Logger,
): Promise<LostWork> {
  const lost = {
    analyses: await analyses.requeueLost(),
    renders: await renders.requeue(),
    recordings: await recordings.requeue(),
    trainings: await trainings.requeue(),
    clones: await clones.requeue(),
  };
  if (Object.values(lost).some((count) => count > 0))
    logger.warn(lost, "Queued work again that had lost its job");
  await sweeps.queue();
  const unread = await analyses.requestUnread();
  if (unread > 0)
    logger.info({ analyses: unread }, "Queued texts that the language model has not read");
  const missing = (await samples?.queueMissing()) ?? 0;
  if (missing > 0) logger.info({ samples: missing }, "Queued the missing samples of voices");
  return { ...lost, samples: missing };
}
