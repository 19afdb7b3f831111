/**
 * A separate worker process. The process runs jobs in addition to the server's inline worker, or
 * instead of the inline worker.
 */
import { availableParallelism } from "node:os";
import dataSource from "../../ormconfig.js";
import { createApp, prepareDatabase } from "../app.js";
import { openDatabase } from "../app/open-database.js";
import { languageModelOf, mediaOf } from "../app/options.js";
import { NO_QUOTAS, loadConfig } from "../config.js";
import { Role, connectionOptions } from "../platform/database/connection/data-source.js";
import { createLogger } from "../platform/process/logging.js";
import { runProcess, say } from "../platform/process/process.js";

await runProcess(async (stopping) => {
  const config = loadConfig();
  const database = await openDatabase(config, say);
  stopping(() => database.leave());
  const { checks } = await prepareDatabase(database.migrationUrl);
  const app = await createApp({
    quotas: NO_QUOTAS,
    dataSource: dataSource.setOptions(connectionOptions({ url: database.url, role: Role.App })),
    databaseUrl: database.url,
    directUrl: database.directUrl,
    ...(await mediaOf(config, database)),
    languageModel: languageModelOf(config),
    checks,
    logger: createLogger(config),
    // No request waits for this process's event loop, so threads may use all cores.
    workerThreads: config.workerThreads ?? availableParallelism(),
  });
  stopping(() => app.close());
  await app.startWorker();
  const obstacle = await app.readiness.obstacle();
  say(obstacle ? `The worker waits. ${obstacle.message}` : "The worker is ready for jobs");
  return "running";
});
