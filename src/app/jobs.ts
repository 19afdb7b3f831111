import { dataSourceFor } from "../../ormconfig.js";
import type { PreparedRecording } from "../audio/recordings/recording.js";
import {
  type ConsentService,
  EmotionTraining,
  ErasedSweeps,
  type JoinSteps,
  LostRenders,
  LostSamples,
  LostTrainings,
  OwnedBlobs,
  RENDER_JOB,
  RenderRun,
  RenderingService,
  SAMPLE_JOB,
  SOUND_SWEEP_JOB,
  SampleProcessing,
  SoundSweep,
  type StorageSettings,
  TRAINING_JOB,
  ThreadedJoiner,
  VENDOR_SWEEP_JOB,
  VENDOR_VOICE_JOB,
  queueSamples,
  queueTrainings,
  renderJob,
  sampleJob,
  soundSweepJob,
  trainingJob,
} from "../instances/index.js";
import { queueLostWork } from "./lost-work.js";
import { Role } from "../platform/database/connection/data-source.js";
import { connectDatabase } from "../platform/database/start/start-check.js";
import { Database, JOB_LIMITS } from "../platform/database/transactions/database.js";
import type { Logger } from "../platform/process/logging.js";
import type { WorkerPool } from "../platform/threads/worker-pool.js";
import {
  ANALYSIS_JOB,
  CATALOGUE_SAMPLE_JOB,
  CatalogueSamples,
  MODEL_ANALYSIS_JOB,
  analysisJob,
  catalogueSampleJob,
  modelAnalysisJob,
} from "../reference/index.js";
import type { AppOptions } from "./options.js";
import { createVendorJobs } from "./vendor-jobs.js";
import { createAnalyses } from "./analyses.js";
import { type Parts, createConsents, createSpeech, renderingDependencies } from "./parts.js";

const JOINER = "worker/join.worker.js";
const RECORDINGS = "worker/recording.worker.js";

/** The queues of all kinds of jobs. */
export const QUEUES = [
  ...[
    ANALYSIS_JOB,
    MODEL_ANALYSIS_JOB,
    RENDER_JOB,
    SOUND_SWEEP_JOB,
    CATALOGUE_SAMPLE_JOB,
    SAMPLE_JOB,
  ],
  TRAINING_JOB,
  ...[VENDOR_VOICE_JOB, VENDOR_SWEEP_JOB],
];

/**
 * How long a job waits for PostgreSQL's answer to a statement. This time is longer than the statement
 * timeout of jobs, so that PostgreSQL itself stops a slow statement before the process gives up.
 */
const JOB_ANSWER_TIMEOUT_MS = JOB_LIMITS.statementTimeoutMs + 3_000;
const JOB_POOL_SIZE = 5;

/**
 * Creates the jobs. Jobs have their own database connections and their own role, so that renders cannot
 * take the connections of requests.
 */
export function createJobs(
  { storage: settings, databaseUrl: url, directUrl = url, logger, speech, ...options }: AppOptions,
  requestParts: Parts,
) {
  const dataSource = dataSourceFor({
    ...{ url, role: Role.Worker, poolSize: JOB_POOL_SIZE, applicationName: "fabula-worker" },
    answerTimeoutMs: JOB_ANSWER_TIMEOUT_MS,
  });
  const database = new Database(dataSource, { ...JOB_LIMITS, role: Role.Worker, directUrl });
  const { segments: threads, joins } = requestParts.threads;
  const spoken = createSpeech({ speech, storage: settings }, requestParts, threads);
  const parts = { ...requestParts, ...spoken, database };
  const dependencies = renderingDependencies(parts);
  const joiner = createJoiner(settings, joins);
  // One more than the number of threads, so that no thread is idle while a segment is stored.
  const concurrency = threads.size + 1;
  const rendering = new RenderingService(dependencies);
  const renders = new RenderRun({ ...dependencies, rendering, joiner, concurrency });
  const { sweepLater: enqueue, sweepSoon: enqueueAfterDeletion, enqueueCleanup } = dependencies;
  const sweeps = new SoundSweep({ ...parts, enqueue, enqueueAfterDeletion, enqueueCleanup });
  const analyses = createAnalyses(parts);
  const samples = new CatalogueSamples(parts);
  const consents = createConsents({ ...dependencies, rendering }, parts.queue);
  const vendors = createVendorJobs(parts);
  const searched = {
    sweeps: new ErasedSweeps(database, dependencies.sweepSoon),
    ...{ analyses, samples: options.makesSamples === false ? null : samples },
    ...createLostWork(parts),
    clones: vendors.cleanup,
  };
  let opening: Promise<void> | undefined;
  const open = async (): Promise<Database> => {
    await (opening ??= connectDatabase(database, { role: Role.Worker, url }));
    return database;
  };
  const requeueLost = () => open().then(() => queueLostWork(searched, logger));
  return {
    definitions: [
      analysisJob(analyses),
      modelAnalysisJob(analyses),
      renderJob(renders),
      soundSweepJob(sweeps),
      catalogueSampleJob(samples),
      sampleJob(createSampleProcessing(parts, settings)),
      trainingJob(createTraining(parts)),
      ...vendors.definitions,
    ],
    open,
    requeueLost,
    doUpkeep: async () => {
      await requeueLost();
      await endExpiredConsents(consents, logger);
      await vendors.queueSweeps();
    },
    close: async () => {
      await opening?.catch(() => undefined);
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

const createJoiner = (settings: StorageSettings, joins: WorkerPool): ThreadedJoiner =>
  new ThreadedJoiner(settings, {
    plan: (input) => joins.run(JOINER, "planInThread", input) as ReturnType<JoinSteps["plan"]>,
    encode: (input) =>
      joins.run(JOINER, "encodeInThread", input) as ReturnType<JoinSteps["encode"]>,
    threads: joins.size,
  });

function createLostWork(parts: Parts) {
  const dependencies = renderingDependencies(parts);
  const { queue, database } = parts;
  return {
    renders: new LostRenders({
      ...dependencies,
      findWithoutJob: (orders) => queue.findWithoutJob(RENDER_JOB, orders),
    }),
    recordings: new LostSamples({
      ...{ database, enqueue: queueSamples(queue) },
      findWithoutJob: (orders) => queue.findWithoutJob(SAMPLE_JOB, orders),
    }),
    trainings: new LostTrainings({
      ...{ database, enqueue: queueTrainings(queue) },
      findWithoutJob: (orders) => queue.findWithoutJob(TRAINING_JOB, orders),
    }),
  };
}

const createSampleProcessing = (parts: Parts, storage: StorageSettings): SampleProcessing =>
  new SampleProcessing({
    ...{ ...renderingDependencies(parts), blobs: new OwnedBlobs(parts) },
    prepare: async (recording, signal) =>
      (await parts.threads.recordings.run(
        RECORDINGS,
        "prepareInThread",
        { storage, ...recording },
        signal,
      )) as PreparedRecording,
  });

const createTraining = (parts: Parts): EmotionTraining =>
  new EmotionTraining({
    ...{ ...renderingDependencies(parts), blobs: new OwnedBlobs(parts), cloning: parts.cloning },
    enqueue: queueTrainings(parts.queue),
  });

async function endExpiredConsents(consents: ConsentService, logger: Logger): Promise<void> {
  const ended = await consents.endExpired();
  if (ended > 0) logger.info({ consents: ended }, "Ended voice consents that expired");
}
