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

/** What postmaster.pid claims and the process table does not contradict; nothing was asked yet. */
export function findClaimedServer(location: Location): Server | null {
  const [pidLine = "", , , portLine = ""] = pidFileLines(location);
  const [pid, port] = [Number.parseInt(pidLine, 10), Number.parseInt(portLine, 10)];
  if (!(pid > 0) || !(port > 0)) return null;
  const identity = processIdentity(pid);
  if (identity === null) return null;
  // After a restart of the host or the container the pid may have gone to any other program.
  return mayServe(pid, location.data) ? { pid, identity, port } : null;
}

/**
 * The server that serves this folder, proved by asking it; null when none does, and then nothing
 * stands in the way of starting one.
 * @throws Error when something runs there that is not ours or does not answer.
 */
export async function findServer(location: Location, state: State): Promise<Server | null> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const server = findClaimedServer(location);
    if (server === null) return null;
    const answer = await probeServer({ ...state, port: server.port });
    if (answer.kind === "ready") {
      if (isSameFolder(answer.dataDirectory, location.data)) return server;
      // A copy of a folder in use brings along the pid of the original's server.
      if (existsSync(answer.dataDirectory)) return null;
    }
    if (answer.kind !== "not yet" || Date.now() > giveUpAt) {
      const detail = answer.kind === "ready" ? `serves ${answer.dataDirectory}` : answer.reason;
      throw new StartupError(
        `${location.home} is in use by process ${server.pid}, a PostgreSQL on port ` +
          `${server.port} that is not this project's (${detail}). Stop it and try again.`,
      );
    }
    await delay(RETRY_MS);
  }
}

/**
 * Removes a postmaster.pid whose process runs, but is proved not to be this folder's server:
 * PostgreSQL itself goes by the pid alone and would refuse to start. One whose process is gone
 * stays, because PostgreSQL uses it to look for orphaned backends.
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
