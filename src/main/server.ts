/**
 * The server process: opens the database, migrates it, serves the API and runs the inline worker.
 * Writes demo data into an embedded database.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import dataSource from "../../ormconfig.js";
import { type App, createApp, prepareDatabase } from "../app.js";
import { type OpenDatabase, openDatabase } from "../app/open-database.js";
import { languageModelOf, mediaOf } from "../app/options.js";
import { type Config, type TokenTrust, loadConfig } from "../config.js";
import { GRAPHQL_PATH, PLAYGROUND_PATH, createHttpServer } from "../http/server.js";
import {
  type TrustedIssuer,
  createTokenVerifier,
  developmentTrust,
  issueDevelopmentToken,
} from "../http/tokens.js";
import { sharedBuckets } from "../platform/buckets/bucket.store.js";
import { Role, connectionOptions } from "../platform/database/connection/data-source.js";
import { oneAtATime } from "../platform/database/start/one-at-a-time.js";
import { type Logger, createLogger } from "../platform/process/logging.js";
import { StartupError } from "../platform/errors.js";
import { print, runProcess, say } from "../platform/process/process.js";
import { DemoUser, demoClaims } from "../seed/demo-users.js";
import { playgroundContext } from "../seed/playground-context.js";
import { DEMO_LOCK, seedDemo } from "../seed/seed.js";

interface Running {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly app: App;
  readonly logger: Logger;
  /** True if demo users and their stories exist: in development, with the embedded database. */
  readonly isDemo: boolean;
}

await runProcess(async (stopping) => {
  const config = loadConfig();
  await requireFreePort(config);
  const database = await openDatabase(config, say);
  stopping(() => database.leave());
  const { migrations, checks } = await prepareDatabase(database.migrationUrl);
  if (migrations.length > 0)
    say(`Brought the database up to date with ${migrations.length} migrations`);

  const logger = createLogger(config);
  const app = await createApp({
    dataSource: dataSource.setOptions(connectionOptions({ url: database.url, role: Role.App })),
    checks,
    databaseUrl: database.url,
    directUrl: database.directUrl,
    ...(await mediaOf(config, database)),
    languageModel: languageModelOf(config),
    logger,
    quotas: config.quotas,
    workerThreads: config.workerThreads,
    referenceCacheBytes: config.referenceCacheBytes,
  });
  stopping(() => app.close());
  if (config.hasInlineWorker) await app.startWorker();

  const isDemo = database.isEmbedded && !config.isProduction;
  const running = { config, database, app, logger, isDemo };
  const server = await serverFor(running);
  // Stop the jobs and the server at the same time, so that a client that reads slowly does not delay
  // the jobs.
  stopping(() => Promise.all([app.stopWorker(), server.close()]));
  const address = await listen(server, config);
  const obstacle = await app.readiness.obstacle();
  const seeding = isDemo && !obstacle ? seedAlone(running) : Promise.resolve();
  // The seeding needs a worker. Without an inline worker, the API does not wait, because a separate
  // worker may start later.
  if (config.hasInlineWorker) await seeding;
  else
    seeding.catch((error: unknown) => logger.warn({ err: error }, "The demo data is not complete"));
  if (obstacle) say(`The server at ${address} is not ready yet. ${obstacle.message}`);
  else {
    await rehearse(server);
    await welcome(address, running);
  }
  return "running";
});

/** Writes the demo data. Processes that start at the same moment take turns. */
function seedAlone({ app, database }: Running): Promise<void> {
  return seedDemo(app.services, say, (work) => oneAtATime(database.directUrl, DEMO_LOCK, work));
}

/**
 * Answers one small page, so that the first client does not wait for the compilation of what every answer
 * needs. The status is not checked: /health tells whether the data can be served.
 */
async function rehearse(server: FastifyInstance): Promise<void> {
  await server.inject({
    method: "POST",
    url: GRAPHQL_PATH,
    payload: {
      query:
        "{ stories(first: 1) { totalCount edges { node { id title analysis { summary characters { name } } " +
        "userNarrations(first: 1) { edges { node { id narrator { displayName } segments(first: 1) { edges { node { text } } } } } } } } } }",
    },
  });
}

async function serverFor({
  config,
  database,
  app,
  logger,
  isDemo,
}: Running): Promise<FastifyInstance> {
  const context = (): ReturnType<typeof playgroundContext> =>
    isDemo && config.auth.kind === "development"
      ? playgroundContext(app.services, (user) => demoToken(database, user))
      : Promise.resolve(null);
  return createHttpServer({
    services: app.services,
    storage: app.storage,
    mediaSigner: app.mediaSigner,
    uploadSigner: app.uploadSigner,
    readiness: app.readiness,
    logger,
    verify: createTokenVerifier(await trustOf(config.auth, database), {
      requiresExpiry: config.isProduction,
    }),
    corsOrigins: config.corsOrigins,
    isProduction: config.isProduction,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    bucketSize: config.bucketSize,
    bucketStore: sharedBuckets(app.services.database),
    playground: config.hasPlayground ? context : null,
  });
}

/**
 * Returns the issuer whose tokens this process accepts. A function, not a constant, because runProcess
 * above uses it before a constant at this place would have a value.
 */
async function trustOf(
  auth: TokenTrust,
  { developmentSecret }: Pick<OpenDatabase, "developmentSecret">,
): Promise<TrustedIssuer> {
  return auth.kind === "development" ? developmentTrust(await developmentSecret()) : auth;
}

/** Tries the address before the database starts, because a start takes seconds. @throws StartupError */
async function requireFreePort({ host, port }: Config): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, "listening");
    probe.close();
    await once(probe, "close");
  } catch (error) {
    throw explainPort(error, { host, port });
  }
}

function explainPort(error: unknown, { host, port }: Pick<Config, "host" | "port">): unknown {
  const explain: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use; stop the other program, or set PORT.`,
    EACCES: `Port ${port} needs root rights; set PORT above 1023.`,
    EADDRNOTAVAIL: `HOST ${host} is no address of this machine; set HOST to 127.0.0.1 or 0.0.0.0.`,
    ENOTFOUND: `HOST ${host} is unknown; set HOST to 127.0.0.1 or 0.0.0.0.`,
    EAI_AGAIN: `HOST ${host} is unknown; set HOST to 127.0.0.1 or 0.0.0.0.`,
  };
  const message = explain[(error as NodeJS.ErrnoException).code ?? ""];
  return message === undefined ? error : new StartupError(message);
}

async function listen(server: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    throw explainPort(error, { host, port });
  }
}

async function demoToken({ developmentSecret }: OpenDatabase, user: string): Promise<string> {
  return issueDevelopmentToken(await developmentSecret(), demoClaims(user));
}

async function welcome(address: string, { config, database, isDemo }: Running): Promise<void> {
  const url = address.replace("127.0.0.1", "localhost");
  print("");
  print(`Fabula is ready at ${url}${GRAPHQL_PATH}`);
  if (config.hasPlayground) print(`Playground:      ${url}${PLAYGROUND_PATH}`);
  if (config.auth.kind !== "development") return;
  if (!isDemo) {
    print("A token:         npm run -s token -- ada");
    return;
  }
  print("Tokens of the demo users (Authorization: Bearer <token>):");
  for (const user of Object.values(DemoUser)) {
    print(`  ${user.padEnd(5)}${await demoToken(database, user)}`);
  }
}
