import { StartupError } from "../errors.js";
import { existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Location } from "./location.js";
import { probeServer } from "./probe.js";
import { mayServe, processIdentity } from "./process-identity.js";
import type { Server } from "./server.js";
import type { State } from "./state.js";

const RETRY_MS = 100;
const PATIENCE_MS = 60_000;

/**
 * Returns the server that postmaster.pid names. Returns null if no such process runs. Does not
 * connect to the server.
 */
export function findClaimedServer(location: Location): Server | null {
  const [pidLine = "", , , portLine = ""] = pidFileLines(location);
  const [pid, port] = [Number.parseInt(pidLine, 10), Number.parseInt(portLine, 10)];
  if (!(pid > 0) || !(port > 0)) return null;
  const identity = processIdentity(pid);
  if (identity === null) return null;
  // After a restart of the host or the container, any other program may have this pid.
  return mayServe(pid, location.data) ? { pid, identity, port } : null;
}

/**
 * Finds the server of this folder and asks it to confirm the folder. Returns null if no server uses
 * the folder, so that a new server can start.
 * @throws StartupError when another program uses the server's port, or the server does not answer
 */
export async function findServer(location: Location, state: State): Promise<Server | null> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const server = findClaimedServer(location);
    if (server === null) return null;
    const answer = await probeServer({ ...state, port: server.port });
    if (answer.kind === "ready") {
      if (isSameFolder(answer.dataDirectory, location.data)) return server;
      // A copy of a folder in use also contains the pid file of the original's server.
      if (existsSync(answer.dataDirectory)) return null;
    }
    if (answer.kind !== "not yet" || Date.now() > giveUpAt) {
      const detail = answer.kind === "ready" ? `serves ${answer.dataDirectory}` : answer.reason;
      throw new StartupError(
        `${location.home} is in use by process ${server.pid}, a PostgreSQL on port ` +
          `${server.port} that does not belong to this project (${detail}). Stop it and try again.`,
      );
    }
    await delay(RETRY_MS);
  }
}

/**
 * Removes postmaster.pid if its process runs but is not this folder's server. PostgreSQL checks only
 * the pid and would refuse to start. If the process has ended, the file stays: PostgreSQL uses it to
 * find orphaned backends.
 */
export function discardMisleadingPidFile(location: Location): void {
  const pid = Number.parseInt(pidFileLines(location)[0] ?? "", 10);
  if (pid > 0 && processIdentity(pid) !== null) rmSync(pidFile(location), { force: true });
}

function isSameFolder(left: string, right: string): boolean {
  return existsSync(left) && realpathSync(left) === realpathSync(right);
}

function pidFile(location: Location): string {
  return path.join(location.data, "postmaster.pid");
}

function pidFileLines(location: Location): string[] {
  try {
    return readFileSync(pidFile(location), "utf8").split("\n");
  } catch {
    return [];
  }
}
