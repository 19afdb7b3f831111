import { join } from "node:path";
import type { DataSource } from "typeorm";
import { dataSourceFor } from "../ormconfig.js";
import type { Config, Quotas } from "./config.js";
import { type LostWork, queueLostWork } from "./lost-work.js";
import type { OpenDatabase } from "./open-database.js";
import type { GraphQLServices } from "./graphql/context.js";
import { type MediaSigner, createMediaSigner } from "./http/media/signer.js";
import {
  type JoinSteps,
  LostRenders,
  NarrationService,
  PublishingService,
  RENDER_JOB,
  RenderRun,
  type RenderingDependencies,
  RenderingService,
  ScriptWriter,
  SOUND_SWEEP_JOB,
  SegmentSounds,
  SWEEP_EVERY_SECONDS,
  SoundSweep,
  SpeechDirectory,
  type StorageSettings,
  ThreadedJoiner,
  VoicePreviews,
  renderJob,
  renderTurn,
  soundSweepJob,
} from "./instances/index.js";
import { PgBossQueue, installQueues } from "./jobs/pg-boss.js";
import { systemClock } from "./platform/clock.js";
import { Role } from "./platform/database/connection/data-source.js";
import {
  Database,
  type DatabaseLimits,
  JOB_LIMITS,
} from "./platform/database/transactions/database.js";
import { migrate } from "./platform/database/start/migrate.js";
import { connectDatabase } from "./platform/database/start/start-check.js";
import { PostgresNotifier } from "./platform/database/listening/postgres-notifier.js";
import type { Logger } from "./platform/logging.js";
import { type Repetition, repeat } from "./platform/repeat.js";
import { ThreadPools } from "./platform/thread-pools.js";
import type { WorkerPool } from "./platform/worker-pool.js";
import { fliteSpeech } from "./providers/speech/flite/flite.js";
import type { FliteOutput } from "./providers/speech/flite/flite.worker.js";
import { type OpenAiSpeechOptions, openAiSpeech } from "./providers/speech/openai/openai-speech.js";
import { speechEndpoint } from "./providers/speech/openai/endpoint-options.js";
import type { ShapingInput, ShapingOutput } from "./providers/speech/openai/shaping.worker.js";
import { VoiceCatalogue } from "./providers/speech/speech.port.js";
import { DiskStorage } from "./providers/storage/disk.js";
import { S3Storage } from "./providers/storage/s3.js";
import type { BlobStorage } from "./providers/storage/storage.port.js";
import {
  ANALYSIS_JOB,
  AnalysisService,
  CATALOGUE_SAMPLE_JOB,
  CatalogueSamples,
  type PackedAnalysis,
  StoryService,
  analysisJob,
  analysisTurn,
  catalogueSampleJob,
} from "./reference/index.js";

const storageOf = (settings: StorageSettings): BlobStorage =>
  settings.kind === "disk" ? new DiskStorage(settings) : new S3Storage(settings);

/** Returns a process's media settings: the storage, the signer of media URLs, and the speech endpoint. */
export async function mediaOf(
  config: Pick<Config, "s3" | "mediaSecret" | "publicUrl" | "port" | "speech">,
  { developmentSecret, filesDir }: Pick<OpenDatabase, "developmentSecret" | "filesDir">,
): Promise<Pick<AppOptions, "storage" | "mediaSigner" | "speech">> {
  const { s3, publicUrl, port } = config;
  const baseUrl = publicUrl ?? (port === 0 ? undefined : `http://localhost:${port}`);
  const secret = config.mediaSecret ?? (await developmentSecret());
  return {
    storage: s3
      ? { kind: "s3", ...s3, spoolFolder: join(filesDir, "spool") }
      : { kind: "disk", root: join(filesDir, "blobs") },
    mediaSigner: createMediaSigner({ secret, baseUrl, clock: systemClock }),
    speech: config.speech && speechEndpoint(config.speech),
  };
}

const ANALYSE = "reference/analysis/analyse.worker.js";
const FLITE = "providers/speech/flite/flite.worker.js";
const SHAPER = "providers/speech/openai/shaping.worker.js";
const JOINER = "worker/join.worker.js";
const QUEUES = [ANALYSIS_JOB, RENDER_JOB, SOUND_SWEEP_JOB, CATALOGUE_SAMPLE_JOB];
/**
 * How long a process that ends waits for its running jobs. Another worker begins unfinished jobs again.
 */
const GRACE_MS = 3_000;
/** How often a worker looks for missing samples, and for analyses and renders that lost their jobs. */
const LOST_WORK_EVERY_MS = 5 * 60_000;

/**
 * How long the process waits for an answer of PostgreSQL to a job. Longer than the statement timeout of
 * jobs, so that PostgreSQL itself stops a slow statement.
 */
const JOB_ANSWER_TIMEOUT_MS = JOB_LIMITS.statementTimeoutMs + 3_000;
const JOB_POOL_SIZE = 5;

/** Brings a database up to date. Returns the names of the migrations that ran. */
export const prepareDatabase = (migrationUrl: string): Promise<string[]> =>
  migrate(migrationUrl, dataSourceFor({ url: migrationUrl, role: Role.Owner, poolSize: 2 }), [
    () => installQueues(migrationUrl, QUEUES),
  ]);

export interface AppOptions {
  /** A data source that acts as the app's role. createApp initialises it. */
  readonly dataSource: DataSource;
  /** The address of transactions. The way may lead through a pooler. */
  readonly databaseUrl: string;
  /** The address of the sessions of notifications and the job queue. Default: `databaseUrl`. */
  readonly directUrl?: string;
  /** The limits for the database statements of requests. */
  readonly databaseLimits?: Partial<DatabaseLimits> | undefined;
  readonly logger: Logger;
  /** The folder of the built worker files. The default is the folder of this file. */
  readonly workers?: URL | undefined;
  readonly workerThreads?: number | undefined;
  /** An OpenAI-compatible endpoint. Users can choose its voices as well as the embedded ones. */
  readonly speech?: OpenAiSpeechOptions | undefined;
  /** False: this process queues no samples of the catalogue's voices. Default true. */
  readonly makesSamples?: boolean | undefined;
  /** The storage for sound. */
  readonly storage: StorageSettings;
  readonly mediaSigner: MediaSigner;
  /** The quotas of users. Imports and benches have none. */
  readonly quotas: Quotas;
}

/** All parts of a Fabula process. Each process creates one App. */
export interface App {
  readonly services: GraphQLServices;
  readonly storage: BlobStorage;
  readonly mediaSigner: MediaSigner;
  /** Starts to run jobs in this process. */
  startWorker: () => Promise<void>;
  /**
   * Opens the database connections of jobs. A transaction of a job has more rights than a transaction
   * of a request.
   */
  openJobs: () => Promise<Database>;
  /** Queues work again whose jobs were lost. A worker does this regularly. */
  requeueLost: () => Promise<LostWork>;
  /** Waits a short time for the running jobs, and takes no new jobs. Requests may still queue jobs. */
  stopWorker: () => Promise<void>;
  /** Stops the worker, then closes threads and connections. */
  close: () => Promise<void>;
}

/**
 * Creates and connects all parts of the app (composition root). Only this file imports concrete
 * adapters.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { dataSource, mediaSigner, databaseUrl: url, directUrl = url } = options;
  const platform = createPlatform(options);
  await connectDatabase(platform.database, { role: Role.App, url, directUrl });
  const { database, clock, notifier, queue, threads, storage } = platform;
  const speechParts = createSpeech(options.speech, threads.previews);
  const parts = { ...platform, ...speechParts, scripts: new ScriptWriter(speechParts.voices) };
  const analyses = createAnalyses(parts);
  const stories = new StoryService(database, analyses, clock, options.quotas);
  const instances = createInstances(parts, analyses);
  const jobs = createJobs(options, parts);
  const samples = new CatalogueSamples(parts);

  let sweep: Repetition | undefined;
  const stopWorker = async (): Promise<void> => {
    await Promise.all([sweep?.stop(), queue.stop(GRACE_MS)]);
  };
  await notifier.connect();
  await queue.connect();
  return {
    services: {
      ...{ database, clock, notifier, media: mediaSigner },
      voices: speechParts.voices,
      ...{ stories, samples },
      ...instances,
    },
    storage,
    mediaSigner,
    openJobs: jobs.open,
    requeueLost: jobs.requeueLost,
    startWorker: async () => {
      await jobs.open();
      await queue.start(jobs.definitions);
      sweep = repeat(jobs.requeueLost, {
        everyMs: LOST_WORK_EVERY_MS,
        onError: (error) => {
          options.logger.warn({ err: error }, "The search for lost jobs failed and will run again");
        },
      });
    },
    stopWorker,
    close: async () => {
      await stopWorker();
      await threads.close();
      await notifier.close();
      await jobs.close();
      await dataSource.destroy();
    },
  };
}

type Platform = ReturnType<typeof createPlatform>;

function createPlatform({ dataSource, logger, storage, ...options }: AppOptions) {
  const { databaseUrl, directUrl = databaseUrl } = options;
  const workers = options.workers ?? new URL("./", import.meta.url);
  return {
    database: new Database(dataSource, { ...options.databaseLimits, directUrl }),
    clock: systemClock,
    quotas: options.quotas,
    notifier: new PostgresNotifier(directUrl, logger),
    queue: new PgBossQueue({ url: directUrl, logger }),
    threads: new ThreadPools(workers, options.workerThreads),
    storage: storageOf(storage),
  };
}

function createSpeech(options: AppOptions["speech"], threads: WorkerPool) {
  const flite = fliteSpeech(
    async (input, signal) => (await threads.run(FLITE, "speak", input, signal)) as FliteOutput,
  );
  const endpoint = options && {
    ...options,
    shape: async (input: ShapingInput, signal: AbortSignal) =>
      (await threads.run(SHAPER, "shapeSpeech", input, signal)) as ShapingOutput,
  };
  const providers = [flite, ...(endpoint ? [openAiSpeech(endpoint)] : [])];
  const voices = new VoiceCatalogue(providers);
  return { providers, voices, speech: new SpeechDirectory(providers) };
}

type Parts = Platform & ReturnType<typeof createSpeech> & { readonly scripts: ScriptWriter };

function createAnalyses({ queue, threads, scripts, ...use }: Parts): AnalysisService {
  const { database, clock, notifier } = use;
  const analyses = new AnalysisService({
    ...{ database, clock, notifier },
    enqueue: (tx, { analysisId, ...order }) =>
      queue.enqueue(tx, ANALYSIS_JOB, { analysisId }, analysisTurn(order)),
    findWithoutJob: async (ids) => {
      const payloads = ids.map((analysisId) => ({ analysisId }));
      const lost = await queue.findWithoutJob(ANALYSIS_JOB, payloads);
      return lost.map(({ analysisId }) => analysisId);
    },
    analyse: async (text, { language, signal }) =>
      (await threads.analyses.run(
        ANALYSE,
        "analyse",
        { text, language },
        signal,
      )) as PackedAnalysis,
  });
  analyses.onReady((tx, analysis) => scripts.writePending(tx, analysis));
  return analyses;
}

function renderingDependencies({ queue, ...use }: Parts): RenderingDependencies {
  return {
    ...use,
    enqueue: (tx, order, size) => queue.enqueue(tx, RENDER_JOB, order, renderTurn(order, size)),
    sweepLater: (tx, { userId }) => {
      const later = { seconds: SWEEP_EVERY_SECONDS, key: userId };
      return queue.enqueue(tx, SOUND_SWEEP_JOB, { userId }, { later });
    },
  };
}

function createInstances(parts: Parts, analyses: AnalysisService) {
  const { database, clock, speech, voices, scripts } = parts;
  const dependencies = renderingDependencies(parts);
  const rendering = new RenderingService(dependencies);
  return {
    rendering,
    scripts,
    narrations: new NarrationService({
      ...{ database, voices, clock, scripts },
      requestAnalysis: (tx, story) => analyses.request(tx, story),
    }),
    publishing: new PublishingService({ database, clock, sound: rendering }),
    sounds: new SegmentSounds(speech),
    previews: new VoicePreviews(dependencies),
  };
}

/**
 * Creates the jobs. Jobs have their own database connections and their own role. So renders cannot take
 * the connections of requests.
 */
function createJobs(
  { storage: settings, databaseUrl: url, directUrl = url, logger, speech, ...options }: AppOptions,
  requestParts: Parts,
) {
  const dataSource = dataSourceFor({
    ...{ url, role: Role.Worker, poolSize: JOB_POOL_SIZE, applicationName: "fabula-worker" },
    answerTimeoutMs: JOB_ANSWER_TIMEOUT_MS,
  });
  const database = new Database(dataSource, { ...JOB_LIMITS, role: Role.Worker, directUrl });
  const { segments: threads, joins } = requestParts.threads;
  const parts = { ...requestParts, ...createSpeech(speech, threads), database };
  const dependencies = renderingDependencies(parts);
  const joiner = new ThreadedJoiner(settings, {
    plan: (input) => joins.run(JOINER, "planInThread", input) as ReturnType<JoinSteps["plan"]>,
    encode: (input) =>
      joins.run(JOINER, "encodeInThread", input) as ReturnType<JoinSteps["encode"]>,
    threads: joins.size,
  });
  // One more than the number of threads, so that no thread is idle while a segment is stored.
  const concurrency = threads.size + 1;
  const rendering = new RenderingService(dependencies);
  const renders = new RenderRun({ ...dependencies, rendering, joiner, concurrency });
  const sweeps = new SoundSweep({ ...parts, enqueue: dependencies.sweepLater });
  const analyses = createAnalyses(parts);
  const samples = new CatalogueSamples(parts);
  const searched = {
    ...{ analyses, samples: options.makesSamples === false ? null : samples },
    renders: new LostRenders({
      ...dependencies,
      findWithoutJob: (orders) => parts.queue.findWithoutJob(RENDER_JOB, orders),
    }),
  };
  let opening: Promise<void> | undefined;
  const open = async (): Promise<Database> => {
    await (opening ??= connectDatabase(database, { role: Role.Worker, url }));
    return database;
  };
  return {
    definitions: [
      analysisJob(analyses),
      renderJob(renders),
      soundSweepJob(sweeps),
      catalogueSampleJob(samples),
    ],
    open,
    requeueLost: async () => {
      await open();
      return queueLostWork(searched, logger);
    },
    close: async () => {
      await opening?.catch(() => undefined);
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}
