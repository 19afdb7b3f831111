import { findBinaries } from "./binaries.js";
import { ensureCluster, refuseForeign } from "./cluster.js";
import { chooseLocation, knownLocations, shortPath, type Location } from "./location.js";
import { withLock } from "./lock.js";
import { ensureRolesAndDatabase } from "./roles.js";
import { findClaimedServer, discardMisleadingPidFile, findServer } from "./running.js";
import { endServer, isRunning, launchServer, type Launch, type Server } from "./server.js";
import { addStarter, countStarters, removeStarter } from "./starters.js";
import { newState, readState, writeState, type State } from "./state.js";
import { endpointOf, type EmbeddedEndpoint } from "./urls.js";

interface EmbeddedPostgresOptions {
  /** The wanted folder. If it cannot be used, the launcher uses another folder and logs its path. */
  readonly dataDir: string;
  readonly logger: (line: string) => void;
  /**
   * The port that the server must use. If absent, the server uses the port of its last start. If
   * another program uses that port, the server uses any free port.
   */
  readonly port?: number;
  /** More server settings, for tests. With fsync off, a crash can destroy the data. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type EmbeddedPostgres = EmbeddedEndpoint & {
  /** True if this call started the server, or took over a server whose starting process was killed. */
  readonly startedByUs: boolean;
  /**
   * Leaves the server. When the last process that called startEmbeddedPostgres leaves, that process
   * stops the server with a fast shutdown. A fast shutdown ends all other connections. `stop` does
   * nothing for a server that connectEmbeddedPostgres returned.
   */
  readonly stop: () => Promise<void>;
};

/**
 * Starts PostgreSQL, or joins the server that already runs in this folder. Creates the roles and
 * the database `fabula`. Two simultaneous starts use one server.
 * @throws StartupError when the folder contains other files, or the server does not start
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { dataDir, logger } = options;
  refuseForeign(dataDir);
  const location = chooseLocation(dataDir, logger);
  refuseForeign(location.home);
  return locked(location, logger, () => startLocked(location, options));
}

/**
 * Returns the server that another process started in this folder. Returns null if no server runs.
 */
export async function connectEmbeddedPostgres(options: {
  readonly dataDir: string;
}): Promise<EmbeddedPostgres | null> {
  for (const location of knownLocations(options.dataDir)) {
    const state = readState(location);
    const server = state === null ? null : await findServer(location, state);
    if (state === null || server === null) continue;
    const endpoint = endpointOf(location, { ...state, port: server.port });
    return { ...endpoint, startedByUs: false, stop: () => Promise.resolve() };
  }
  return null;
}

/** Like connectEmbeddedPostgres, but reads only the files and does not connect to the server. */
export function readEmbeddedEndpoint(dataDir: string): EmbeddedEndpoint | null {
  for (const location of knownLocations(dataDir)) {
    const server = findClaimedServer(location);
    const state = server === null ? null : readState(location);
    if (server !== null && state !== null)
      return endpointOf(location, { ...state, port: server.port });
  }
  return null;
}

async function startLocked(
  location: Location,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { logger } = options;
  const binaries = findBinaries(location.account, logger);
  const state = readState(location) ?? newState();
  writeState(location, state);
  const isFirst = countStarters(location) === 0;
  const found = await findServer(location, state);
  const server = found ?? (await launch(location, state, options, { binaries }));
  if (found !== null) {
    logger(`PostgreSQL already runs in ${shortPath(location.home)}, on port ${server.port}`);
  }
  const current = { ...state, port: server.port };
  writeState(location, current);
  await ensureRolesAndDatabase(current);
  const starter = addStarter(location);
  let leaving: Promise<void> | undefined;
  const leave = (): Promise<void> =>
    locked(location, logger, async () => {
      removeStarter(location, starter);
      await stopUnlessShared(location, server, binaries.pgCtl, logger);
    });
  return {
    ...endpointOf(location, current),
    startedByUs: isFirst || found === null,
    stop: () => (leaving ??= leave()),
  };
}

async function launch(
  location: Location,
  state: State,
  options: EmbeddedPostgresOptions,
  { binaries }: Pick<Launch, "binaries">,
): Promise<Server> {
  const { logger, port, settings = {} } = options;
  const where = shortPath(location.home);
  discardMisleadingPidFile(location);
  logger(`Starting PostgreSQL ${binaries.version} in ${where}`);
  await ensureCluster(location, state, binaries, settings["fsync"] !== "off");
  const server = await launchServer(location, state, { binaries, settings, port }).catch(
    async (error: unknown) => {
      // A starter that was killed a moment ago may have left a server that is still starting.
      const other = await findServer(location, state);
      if (other === null) throw error;
      return other;
    },
  );
  logger(
    `PostgreSQL listens on 127.0.0.1:${server.port}; its log is ${shortPath(location.logFile)}`,
  );
  return server;
}

async function stopUnlessShared(
  location: Location,
  server: Server,
  pgCtl: string,
  logger: (line: string) => void,
): Promise<void> {
  const others = countStarters(location);
  if (others > 0) {
    logger(`Leaving PostgreSQL running for ${others} other process${others === 1 ? "" : "es"}`);
    return;
  }
  // Our server may have died, and another process may have started a new server.
  const current = isRunning(server) ? server : findClaimedServer(location);
  if (current !== null) await endServer(location, current, pgCtl);
  logger(`PostgreSQL stopped; the data stays in ${shortPath(location.home)}`);
}

function locked<T>(
  location: Location,
  logger: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const onWait = (pid: number): void => {
    logger(`Waiting for process ${pid}, which is starting or stopping PostgreSQL`);
  };
  return withLock(location.lockDir, onWait, work);
}
