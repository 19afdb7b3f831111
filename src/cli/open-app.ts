import dataSource from "../../ormconfig.js";
import { type App, createApp, prepareDatabase } from "../app.js";
import { type OpenDatabase, openDatabase } from "../app/open-database.js";
import { languageModelOf, mediaOf } from "../app/options.js";
import { NO_QUOTAS, loadConfig } from "../config.js";
import { Role, connectionOptions } from "../platform/database/connection/data-source.js";
import { createLogger } from "../platform/process/logging.js";
import { type Stopping, say } from "../platform/process/process.js";

export interface OpenAppOptions {
  readonly runsJobs: boolean;
  /** Default: the database of a running server, else a database that the command starts. */
  readonly database?: OpenDatabase | undefined;
}

/**
 * Opens the app for one command. With `runsJobs`, the command also runs jobs itself, so it needs no
 * server.
 */
export async function openApp(
  stopping: Stopping,
  { runsJobs, database: given }: OpenAppOptions,
): Promise<App> {
  const config = loadConfig();
  const database = given ?? (await openDatabase(config, say));
  stopping(() => database.leave());
  const { checks } = await prepareDatabase(database.migrationUrl);
  const app = await createApp({
    quotas: NO_QUOTAS,
    dataSource: dataSource.setOptions(connectionOptions({ url: database.url, role: Role.App })),
    checks,
    databaseUrl: database.url,
    directUrl: database.directUrl,
    ...(await mediaOf(config, database)),
    languageModel: languageModelOf(config),
    logger: createLogger({ ...config, logLevel: "warn" }),
    workerThreads: config.workerThreads,
    makesSamples: false,
  });
  stopping(() => app.close());
  await app.readiness.require();
  if (runsJobs) await app.startWorker();
  return app;
}
