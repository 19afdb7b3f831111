import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import { dataSourceFor } from "../ormconfig.js";
import type { Config, TokenTrust } from "./config.js";
import type { GraphQLServices } from "./graphql/context.js";
import { type TrustedIssuer, developmentTrust } from "./http/tokens.js";
import { NarrationService } from "./instances/index.js";
import { PgBossQueue, installQueues } from "./jobs/pg-boss.js";
import { systemClock } from "./platform/clock.js";
import { Role } from "./platform/database/data-source.js";
import { Database } from "./platform/database/database.js";
import { migrate } from "./platform/database/migrate.js";
import { explained } from "./platform/database/roles.js";
import { PostgresNotifier } from "./platform/database/postgres-notifier.js";
import { startEmbeddedPostgres } from "./platform/embedded-postgres/index.js";
import { StartupError } from "./platform/errors.js";

import type { Logger } from "./platform/logging.js";
import { WorkerPool } from "./platform/worker-pool.js";
import { flite } from "./providers/speech/flite.js";
import { VoiceCatalogue } from "./providers/speech/speech.port.js";
import {
  ANALYSIS_JOB,
  type AnalysisDocument,
  AnalysisService,
  StoryService,
  analysisJob,
} from "./reference/index.js";

/** A database that answers, and what leaving it takes. */
export interface OpenDatabase {
  readonly url: string;
  readonly migrationUrl: string;
  readonly isEmbedded: boolean;
  /** Signs development tokens: made once, when it is first asked for, and kept with the data. */
  developmentSecret: () => Promise<string>;
  /** Stops the embedded server, unless another process uses it still. */
  leave: () => Promise<void>;
}

/**
 * One's own PostgreSQL where DATABASE_URL names one, else the embedded one: started, or joined
 * where another process of ours runs it.
 */
export async function openDatabase(
  { database, dataDir }: Pick<Config, "database" | "dataDir">,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  if (database) {
    return {
      ...database,
      isEmbedded: false,
      developmentSecret: () => keptSecret(dataDir),
      leave: () => Promise.resolve(),
    };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres"), logger: say });
  return {
    url: embedded.appUrl,
    migrationUrl: embedded.ownerUrl,
    isEmbedded: true,
    developmentSecret: () => Promise.resolve(embedded.tokenSecret),
    leave: () => embedded.stop(),
  };
}

/** Whose tokens this process believes. */
export const trustOf = async (
  auth: TokenTrust,
  { developmentSecret }: Pick<OpenDatabase, "developmentSecret">,
): Promise<TrustedIssuer> =>
  auth.kind === "development" ? developmentTrust(await developmentSecret()) : auth;

async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, "token-secret");
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new StartupError(
      `DATA_DIR ${dataDir} cannot hold the development secret; choose another folder, or set AUTH_SECRET.`,
      { cause },
    );
  });
  // wx: whoever comes first makes the secret, everyone else reads it.
  await writeFile(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    },
  );
  return readFile(file, "utf8");
}

const ANALYSER = "reference/analysis/analyser/analyse.worker.js";
const QUEUES = [ANALYSIS_JOB];
const GRACE_MS = 25_000;

/** Brings a database up to date; returns the names of the migrations that ran. */
export const prepareDatabase = (migrationUrl: string): Promise<string[]> =>
  migrate(migrationUrl, dataSourceFor({ url: migrationUrl, role: Role.Owner, poolSize: 2 }), [
    () => installQueues(migrationUrl, QUEUES),
  ]);

export interface AppOptions {
  /** Not yet initialised; acts as the app's role. */
  readonly dataSource: DataSource;
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Where the built worker files are; by default beside this file. */
  readonly workers?: URL | undefined;
  readonly workerThreads?: number | undefined;
}

/** Everything a process of Fabula is made of, wired once. */
export interface App {
  readonly services: GraphQLServices;
  /** Takes jobs in this process from now on. */
  startWorker: () => Promise<void>;
  /** Finishes the jobs under way, then lets go of threads and connections. */
  close: () => Promise<void>;
}

/** The composition root: the only place that knows concrete adapters. */
export async function createApp(options: AppOptions): Promise<App> {
  const { dataSource, databaseUrl, logger } = options;
  await dataSource.initialize().catch((error: unknown) => {
    throw explained(error, databaseUrl);
  });
  const database = new Database(dataSource);
  const clock = systemClock;
  const notifier = new PostgresNotifier(databaseUrl, logger);
  const queue = new PgBossQueue({ url: databaseUrl, logger });
  const threads = new WorkerPool(
    options.workers ?? new URL("./", import.meta.url),
    options.workerThreads,
  );
  const voices = new VoiceCatalogue([flite]);

  const analyses = new AnalysisService({
    database,
    clock,
    notifier,
    enqueue: (tx, analysisId) => queue.enqueue(tx, ANALYSIS_JOB, { analysisId }),
    analyse: async (text, { language }) =>
      (await threads.run(ANALYSER, "analyse", { text, language })) as AnalysisDocument,
  });
  const stories = new StoryService(database, analyses, clock);
  const narrations = new NarrationService(database, voices, clock);
  analyses.onReady((tx, analysis) => narrations.writePendingScripts(tx, analysis));

  await notifier.connect();
  await queue.connect();
  return {
    services: { database, stories, narrations, voices, notifier },
    startWorker: () => queue.start([analysisJob(analyses)]),
    close: async () => {
      await queue.stop(GRACE_MS);
      await threads.close();
      await notifier.close();
      await dataSource.destroy();
    },
  };
}
