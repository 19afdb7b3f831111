import { dataSourceFor } from "../ormconfig.js";
import { QUEUES, createJobs } from "./app/jobs.js";
import type { LostWork } from "./app/lost-work.js";
import type { AppOptions } from "./app/options.js";
import { followVoices } from "./app/vendor-voices.js";
import { createAnalyses } from "./app/analyses.js";
import {
  createInstances,
  createScripts,
  createStories,
  createPlatform,
  createSpeech,
} from "./app/parts.js";
import type { GraphQLServices } from "./graphql/context.js";
import { useIdKey } from "./graphql/relay/id-key.js";
import type { MediaSigner } from "./http/media/signer.js";
import type { UploadSigner } from "./http/uploads/upload-signer.js";
import { installQueues } from "./jobs/pg-boss.js";
import { legacyReadiness } from "./legacy/readiness.js";
import { legacyStorage } from "./legacy/sound/legacy-storage.js";
import { RowCache } from "./platform/database/reading/row-cache.js";
import { Role } from "./platform/database/connection/data-source.js";
import { connectDatabase } from "./platform/database/start/start-check.js";
import { migrate } from "./platform/database/start/migrate.js";
import type { Database } from "./platform/database/transactions/database.js";
import { idKeyStore } from "./platform/ids/id-key.store.js";
import { ProfileService } from "./platform/users/profile.service.js";
import { Readiness, type ReadinessCheck } from "./platform/process/readiness.js";
import { type Repetition, repeat } from "./platform/process/repeat.js";
import type { BlobStorage } from "./providers/storage/storage.port.js";
import type { StorageWrapper } from "./providers/storage/storage-wrapper.port.js";
import { CatalogueSamples } from "./reference/index.js";

/**
 * How long a stopping process waits for its running jobs. Another worker runs the unfinished jobs again.
 */
const GRACE_MS = 3_000;
/**
 * How often a worker looks for missing samples, for analyses and renders that lost their jobs, and for
 * consents that expired.
 */
const UPKEEP_EVERY_MS = 5 * 60_000;

// The seams of the migration from the earlier platform. The two lines that push, and the folder legacy, may go.
const READINESS_CHECKS: ReadinessCheck[] = [];
READINESS_CHECKS.push(legacyReadiness);
const STORAGE_WRAPPERS: StorageWrapper[] = [];
STORAGE_WRAPPERS.push(legacyStorage);

/** A database that is up to date. */
export interface PreparedDatabase {
  /** The names of the migrations that ran. */
  readonly migrations: readonly string[];
  /** The checks that a process must ask while it runs. */
  readonly checks: readonly ReadinessCheck[];
}

/**
 * Brings a database up to date.
 * @throws StartupError if one of `checks` does not allow any process to start
 */
export async function prepareDatabase(
  migrationUrl: string,
  checks: readonly ReadinessCheck[] = READINESS_CHECKS,
): Promise<PreparedDatabase> {
  const owner = dataSourceFor({ url: migrationUrl, role: Role.Owner, poolSize: 2 });
  const applying: ReadinessCheck[] = [];
  const migrations = await migrate(migrationUrl, owner, {
    before: async (client) => {
      for (const check of checks) if (await check.applies(client)) applying.push(check);
    },
    after: [() => installQueues(migrationUrl, QUEUES)],
  });
  return { migrations, checks: applying };
}

/** All parts of a Fabula process. Each process creates one App. */
export interface App {
  readonly services: GraphQLServices;
  readonly storage: BlobStorage;
  readonly mediaSigner: MediaSigner;
  readonly uploadSigner: UploadSigner;
  /** Tells whether the data can be served. */
  readonly readiness: Readiness;
  /** Starts to run jobs in this process, as soon as the data can be served. */
  startWorker: () => Promise<void>;
  /**
   * Opens the database connections of jobs. A transaction of a job has more rights than a transaction
   * of a request.
   */
  openJobs: () => Promise<Database>;
  /** Queues new jobs for work whose jobs were lost. A worker does this regularly. */
  requeueLost: () => Promise<LostWork>;
  /** Takes no new jobs, and waits a short time for the running jobs. Requests can still queue jobs. */
  stopWorker: () => Promise<void>;
  /** Stops the worker, then closes threads and connections. */
  close: () => Promise<void>;
}

/** Creates and connects all parts of the app (composition root). */
export async function createApp(options: AppOptions): Promise<App> {
  const { dataSource, mediaSigner, uploadSigner, databaseUrl: url, directUrl = url } = options;
  const platform = createPlatform(options, STORAGE_WRAPPERS);
  await connectDatabase(platform.database, { role: Role.App, url, directUrl });
  useIdKey(await platform.database.read({ viewer: null }, idKeyStore.read));
  const { database, clock, notifier, queue, threads, storage } = platform;
  const speechParts = createSpeech(options, platform, threads.previews);
  const parts = { ...platform, ...speechParts, scripts: createScripts(platform, speechParts) };
  const analyses = createAnalyses(parts);
  const stories = createStories(parts, analyses, options.quotas);
  const instances = createInstances(parts, { analyses, stories }, options);
  const jobs = createJobs(options, parts);
  const samples = new CatalogueSamples(parts);
  const readiness = new Readiness(database, options.checks ?? []);

  let upkeep: Repetition | undefined;
  const stopWorker = async (): Promise<void> => {
    await readiness.close();
    await Promise.all([upkeep?.stop(), queue.stop(GRACE_MS)]);
  };
  await notifier.connect();
  await queue.connect();
  const { elevenLabs } = platform;
  const following = elevenLabs && (await followVoices(elevenLabs, options.logger));
  return {
    services: {
      rowCache: rowCacheOf(options),
      ...{ database, clock, notifier, media: mediaSigner, uploadLinks: uploadSigner },
      voices: speechParts.voices,
      ...{ stories, samples },
      profiles: new ProfileService(parts),
      ...instances,
    },
    storage,
    mediaSigner,
    uploadSigner,
    readiness,
    openJobs: jobs.open,
    requeueLost: jobs.requeueLost,
    startWorker: async () => {
      await jobs.open();
      await readiness.whenReady(
        async () => {
          await queue.start(jobs.definitions);
          upkeep = repeatUpkeep(jobs, options);
        },
        (error) => {
          options.logger.error({ err: error }, "The worker cannot start and tries again");
        },
      );
    },
    stopWorker,
    close: async () => {
      await Promise.all([stopWorker(), following?.stop()]);
      await threads.close();
      await notifier.close();
      await jobs.close();
      await dataSource.destroy();
    },
  };
}

const rowCacheOf = ({ referenceCacheBytes = 0 }: AppOptions): RowCache | null =>
  referenceCacheBytes > 0 ? new RowCache(referenceCacheBytes) : null;

const repeatUpkeep = (
  { doUpkeep }: Pick<ReturnType<typeof createJobs>, "doUpkeep">,
  { logger }: AppOptions,
): Repetition =>
  repeat(doUpkeep, {
    everyMs: UPKEEP_EVERY_MS,
    onError: (error) => {
      logger.warn({ err: error }, "The upkeep failed and will run again");
    },
  });
