import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlobStorage } from "../../src/providers/storage/storage.port.js";
import { type MediaSigner, createMediaSigner } from "../../src/http/media/signer.js";
import { type UploadSigner, createUploadSigner } from "../../src/http/uploads/upload-signer.js";
import { createScripts } from "../../src/app/parts.js";
import type { GraphQLServices } from "../../src/graphql/context.js";
import { NO_QUOTAS, type Quotas } from "../../src/config.js";
import { type App, createApp } from "../../src/app.js";
import { dataSourceFor } from "../../ormconfig.js";
import { systemClock } from "../../src/platform/clock.js";
import { Role } from "../../src/platform/database/connection/data-source.js";
import type { Database } from "../../src/platform/database/transactions/database.js";
import type { Logger } from "../../src/platform/process/logging.js";
import {
  ANALYSIS_CHANNEL,
  AnalysisService,
  AnalysisStatus,
  type StoryEntity,
  analyseText,
  embeddedAnalyser,
  packAnalysis,
} from "../../src/reference/index.js";
import type { Analyser } from "../../src/reference/analysis/running/analysers.js";
import type { Analyse } from "../../src/reference/analysis/running/embedded-analyser.js";
import { type Given, givenRows } from "./given.js";
import { type TestDatabase, cloneDatabase } from "./test-database.js";

export interface TestAppOptions {
  /** True if this process runs jobs, with real worker threads. */
  readonly worker?: boolean;
  /** Number of connections in the pool. Default 10. */
  readonly poolSize?: number;
  readonly databaseLimits?: Parameters<typeof createApp>[0]["databaseLimits"];
  /** Default: no quotas. */
  readonly quotas?: Partial<Quotas>;
  /** Default: a logger that writes nothing. */
  readonly logger?: Logger;
  /** A database that the test made and will drop. Default: a new database. */
  readonly database?: TestDatabase;
  /** Default: both are the `appUrl` of the database. */
  readonly urls?: Pick<Parameters<typeof createApp>[0], "databaseUrl" | "directUrl">;
  /** A folder for sound that the test made and will remove. */
  readonly storageRoot?: string;
  /** Default: a folder of its own. */
  readonly storage?: Parameters<typeof createApp>[0]["storage"];
  /**
   * True if the app queues the samples of all voices, which take several seconds of work. Default false.
   */
  readonly samples?: boolean;
  readonly legacyMediaUrl?: Parameters<typeof createApp>[0]["legacyMediaUrl"];
  readonly speech?: Parameters<typeof createApp>[0]["speech"];
  readonly elevenLabs?: Parameters<typeof createApp>[0]["elevenLabs"];
  readonly languageModel?: Parameters<typeof createApp>[0]["languageModel"];
  /** The memory for rows of reference data. 0 turns the cache off. Default: as in the product. */
  readonly referenceCacheBytes?: number;
  readonly checks?: Parameters<typeof createApp>[0]["checks"];
}

type AnalysedStory = Pick<StoryEntity, "contentHash">;

/** The real app with its own database. Requests act as fabula_app. */
export interface TestApp extends Pick<TestDatabase, "superuser" | "clean"> {
  readonly services: GraphQLServices;
  readonly storage: BlobStorage;
  readonly mediaSigner: MediaSigner;
  readonly uploadSigner: UploadSigner;
  readonly database: GraphQLServices["database"];
  /** Transactions of jobs, as fabula_worker. */
  readonly jobDatabase: Database;
  readonly testDatabase: TestDatabase;
  /** The app's analyses. An analysis runs only when the test starts it, in the thread of the test. */
  readonly analyses: AnalysisService;
  /** Builders of rows, which use the services. */
  readonly given: Given;
  /** Analyses a public story now, without a worker. */
  analyse(story: AnalysedStory): Promise<void>;
  /** Resolves when the story's analysis has this status. Default: ready. */
  analysed(story: AnalysedStory, status?: AnalysisStatus): Promise<void>;
  readonly requeueLost: App["requeueLost"];
  readonly startWorker: App["startWorker"];
  readonly readiness: App["readiness"];
  close(): Promise<void>;
}

const silence = (): void => undefined;
export const silent: Logger = { info: silence, warn: silence, error: silence, debug: silence };

// Tests run TypeScript, but worker threads need the built files next to app.js.
const BUILT_WORKERS = new URL("../../dist/src/", import.meta.url);

const SIGNING = { secret: "a secret of the tests, never of a server", clock: systemClock };

const cacheBytesOf = ({ referenceCacheBytes = 64_000_000 }: TestAppOptions): number =>
  referenceCacheBytes;

export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const testDatabase = options.database ?? (await cloneDatabase());
  const { poolSize = 10, logger = silent } = options;
  const { appUrl } = testDatabase;
  const urls = options.urls ?? { databaseUrl: appUrl, directUrl: appUrl };
  const storageRoot = options.storageRoot ?? (await mkdtemp(join(tmpdir(), "fabula-blobs-")));
  const app = await createApp({
    dataSource: dataSourceFor({ url: urls.databaseUrl, role: Role.App, poolSize }),
    ...urls,
    databaseLimits: options.databaseLimits,
    logger,
    quotas: { ...NO_QUOTAS, ...options.quotas },
    storage: options.storage ?? { kind: "disk", root: storageRoot },
    mediaSigner: createMediaSigner(SIGNING),
    uploadSigner: createUploadSigner(SIGNING),
    workers: BUILT_WORKERS,
    workerThreads: 1,
    referenceCacheBytes: cacheBytesOf(options),
    makesSamples: options.samples ?? false,
    legacyMediaUrl: options.legacyMediaUrl,
    speech: options.speech,
    elevenLabs: options.elevenLabs,
    languageModel: options.languageModel,
    checks: options.checks,
  });
  if (options.worker) await app.startWorker();
  const { services, storage, mediaSigner, uploadSigner } = app;
  const jobDatabase = await app.openJobs();
  const analyses = analysesOf({ services, jobDatabase });
  const analyse = (story: AnalysedStory) => analyseNow(testDatabase, analyses, story);
  return {
    services,
    storage,
    mediaSigner,
    uploadSigner,
    database: services.database,
    jobDatabase,
    testDatabase,
    analyses,
    superuser: testDatabase.superuser,
    clean: testDatabase.clean,
    given: givenRows(services, testDatabase, analyse),
    analyse,
    analysed: (story, status = AnalysisStatus.Ready) =>
      untilAnalysed(services, testDatabase, { story, status }),
    requeueLost: app.requeueLost,
    startWorker: app.startWorker,
    readiness: app.readiness,
    close: async () => {
      await app.close();
      if (!options.storageRoot) await rm(storageRoot, { recursive: true, force: true });
      if (!options.database) await testDatabase.drop();
    },
  };
}

const analyseInThisThread: Analyse = async (text, { language }) =>
  packAnalysis(analyseText(text, { language }), text);

export const embeddedInThisThread = (analyse: Analyse = analyseInThisThread): Analyser =>
  embeddedAnalyser(analyse);

/**
 * Returns an AnalysisService on the app's database, with another analyser. This service sends no jobs.
 */
export function analysesOf(
  { services, jobDatabase }: Pick<TestApp, "services" | "jobDatabase">,
  analyse?: Analyse,
): AnalysisService {
  const analyses = new AnalysisService({
    database: jobDatabase,
    clock: systemClock,
    notifier: services.notifier,
    enqueue: () => Promise.resolve(),
    findWithoutJob: () => Promise.resolve([]),
    embedded: embeddedInThisThread(analyse),
    model: null,
  });
  const scripts = createScripts(services, services);
  analyses.onReady((tx, analysis) => scripts.writePending(tx, analysis));
  return analyses;
}

const ANALYSIS = `SELECT id, status FROM reference.story_analyses WHERE content_hash = $1`;

async function analyseNow(
  database: TestDatabase,
  analyses: AnalysisService,
  { contentHash }: AnalysedStory,
): Promise<void> {
  const rows = await database.superuser<{ id: number }>(ANALYSIS, [contentHash]);
  if (rows.length === 0) throw new Error("Publish the story before analysing it.");
  for (const { id } of rows) await analyses.run(id);
}

async function untilAnalysed(
  { notifier }: GraphQLServices,
  { superuser }: TestDatabase,
  { story, status }: { readonly story: AnalysedStory; readonly status: AnalysisStatus },
): Promise<void> {
  const news = notifier.listen(ANALYSIS_CHANNEL, story.contentHash ?? "");
  try {
    for (;;) {
      const rows = await superuser<{ status: string }>(ANALYSIS, [story.contentHash]);
      if (rows.length > 0 && rows.every((row) => row.status === status)) return;
      await news.next();
    }
  } finally {
    await news.return?.();
  }
}
