import { StartupError } from "../errors.js";
import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Binaries } from "./binaries.js";
import { programEnvironment } from "./cluster.js";
import { openPrivateLog } from "../files/whole-files.js";
import type { Location } from "./location.js";
import { processIdentity } from "./process-identity.js";
import { probeServer } from "./probe.js";
import type { State } from "./state.js";

export interface Server {
  readonly pid: number;
  readonly identity: string;
  readonly port: number;
}

export interface Launch {
  readonly binaries: Binaries;
  readonly settings: Readonly<Record<string, string>>;
  /**
   * The port that the server must use. If undefined, the server uses the port of its last start. If
   * another program uses that port, the server uses any free port.
   */
  readonly port: number | undefined;
}

const POLL_MS = 20;
const ATTEMPTS = 6;
// The longest wait for the server to become ready. Recovery after a crash can take minutes. If the
// server dies, the wait ends at once.
const READY_WITHIN_MS = 300_000;
const LOG_ROTATES_AT_BYTES = 16 * 1024 * 1024;

const run = promisify(execFile);

/** @throws StartupError with the end of the server's log if the server does not start */
export async function launchServer(
  location: Location,
  state: State,
  launch: Launch,
): Promise<Server> {
  rotateLog(location.logFile);
  for (let attempt = 1; ; attempt += 1) {
    const port = launch.port ?? (await freePort(attempt === 1 ? state.port : 0));
    const outcome = await tryLaunch(location, { ...state, port }, launch);
    if (typeof outcome !== "string") return outcome;
    if (attempt === ATTEMPTS || !isPassing(outcome, launch.port)) {
      throw new StartupError(
        `PostgreSQL did not start in ${location.home}. Its log ends with:\n${outcome}`,
      );
    }
    await delay(attempt * 200);
  }
}

/** Disconnects clients and ends the server. Each signal is stronger than the previous signal. */
export async function endServer(location: Location, server: Server, pgCtl: string): Promise<void> {
  const steps = [
    { signal: "SIGINT", patienceMs: 30_000 },
    { signal: "SIGQUIT", patienceMs: 5_000 },
    { signal: "SIGKILL", patienceMs: 5_000 },
  ] as const;
  for (const { signal, patienceMs } of steps) {
    if (!isRunning(server)) return;
    if (process.platform === "win32") {
      await run(pgCtl, ["stop", "-m", "fast", "-w", "-D", location.data]);
    } else {
      signalIfThere(server.pid, signal);
    }
    await untilGone(server, patienceMs);
  }
}

export function isRunning(server: Server): boolean {
  return processIdentity(server.pid) === server.identity;
}

async function tryLaunch(
  location: Location,
  state: State,
  { binaries, settings }: Launch,
): Promise<Server | string> {
  const logStart = existsSync(location.logFile) ? statSync(location.logFile).size : 0;
  const log = openPrivateLog(location.logFile);
  // Detached: Ctrl-C goes to the whole process group, but the database must run until our jobs have ended.
  const child = spawn(binaries.postgres, serverArguments(location, state.port, settings), {
    detached: true,
    cwd: location.data,
    stdio: ["ignore", log, log],
    ...programEnvironment(),
    ...location.account,
  });
  closeSync(log);
  const failures: Error[] = [];
  child.once("error", (error) => failures.push(error));
  child.unref();
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAt) {
    await delay(POLL_MS);
    if (failures[0] !== undefined) return failures[0].message;
    if (child.exitCode !== null || child.signalCode !== null) {
      return readFrom(location.logFile, logStart);
    }
    const answer = await probeServer(state);
    if (answer.kind !== "ready" || child.pid === undefined) continue;
    const identity = processIdentity(child.pid);
    if (identity !== null) return { pid: child.pid, identity, port: state.port };
  }
  if (child.pid !== undefined) signalIfThere(child.pid, "SIGQUIT");
  return `The server was not ready after five minutes. ${readFrom(location.logFile, logStart)}`;
}

function serverArguments(
  location: Location,
  port: number,
  extra: Readonly<Record<string, string>>,
): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    cluster_name: "fabula",
    shared_buffers: "128MB",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] %d %a ",
    // The server's log contains no errors of statements, because an error quotes rows and input.
    // The app logs the name of the error.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_error_verbosity: "terse",
    ...extra,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", location.data, ...flags];
}

// Returns true if another try can succeed. Either another program has just taken the port, and the next
// try can use another port. Or the backends of a killed server have not ended yet.
function isPassing(outcome: string, wantedPort: number | undefined): boolean {
  if (outcome.includes("pre-existing shared memory block")) return true;
  return wantedPort === undefined && outcome.includes("could not create any TCP/IP sockets");
}

async function freePort(preferred: number): Promise<number> {
  return (await portIfFree(preferred)) ?? (await portIfFree(0)) ?? 0;
}

function portIfFree(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(null);
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : null);
      });
    });
  });
}

async function untilGone(server: Server, patienceMs: number): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  while (isRunning(server) && Date.now() < giveUpAt) await delay(POLL_MS);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function rotateLog(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LOG_ROTATES_AT_BYTES) {
    renameSync(logFile, `${logFile}.1`);
  }
}

function readFrom(file: string, offset: number): string {
  const text = readFileSync(file).subarray(offset).toString("utf8").trim();
  return text === "" ? "The server wrote nothing to its log." : text.slice(-2_000);
}
