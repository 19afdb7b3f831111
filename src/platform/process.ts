import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { FabulaError, StartupError } from "./errors.js";

const OLDEST_NODE = 24;

/** Something to undo before the process ends. */
export type Cleanup = () => Promise<unknown>;

/** Takes what must be undone at the end; the last one given is undone first. */
export type Stopping = (cleanup: Cleanup) => void;

/** A line for the person at the terminal. Standard error, so that a command's output stays its own. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** A command's own output. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

// npm passes on the Ctrl-C that the terminal has sent to the whole process group already.
const SAME_SIGNAL_MS = 500;
const START_GRACE_MS = 10_000;

/**
 * Runs a process to its end. `main` may finish (a command) or leave servers running. SIGINT,
 * SIGTERM, an error, or a command's end undo everything, once, in reverse; a second signal
 * does not wait.
 */
export async function runProcess(
  main: (stopping: Stopping) => Promise<"finished" | "running">,
): Promise<void> {
  refuseOldNode();
  const cleanups: Cleanup[] = [];
  const stopping = new AbortController();
  let isRunning = false;
  const started = main((cleanup) => {
    cleanups.push(cleanup);
    if (stopping.signal.aborted) throw new StartupError("Stopped while starting.");
  });
  const stopOn = async (signal: NodeJS.Signals): Promise<void> => {
    stopping.abort();
    say(`Stopping (${signal})`);
    // What the start is in the middle of, such as bringing up PostgreSQL, is undone as well.
    const settled = Promise.race([started.catch(() => undefined), pause(START_GRACE_MS)]);
    await Promise.all([undoAll(cleanups), settled]);
    await undoAll(cleanups);
    // Servers stop when they are told; a command that is stopped did not do what it was asked.
    process.exit(isRunning ? 0 : 128 + constants.signals[signal]);
  };
  let isImpatient = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isImpatient) process.exit(1);
    if (stopping.signal.aborted) return;
    void stopOn(signal);
    setTimeout(() => {
      isImpatient = true;
    }, SAME_SIGNAL_MS).unref();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    isRunning = (await started) === "running";
    if (isRunning) return;
  } catch (error) {
    // A stop half-way through the start makes the rest of the start fail; that is no news.
    if (!stopping.signal.aborted) {
      process.exitCode = 1;
      say(reasonOf(error));
    }
  }
  if (stopping.signal.aborted) return;
  await undoAll(cleanups);
  process.exit();
}

/** A bare `node dist/…` is the host's, which may be older than the one npm's scripts run. */
function refuseOldNode(): void {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  say(
    `Fabula needs Node ${OLDEST_NODE}; this is ${process.version}. npm start and the other scripts bring theirs: node_modules/.bin/node.`,
  );
  process.exit(1);
}

async function undoAll(cleanups: Cleanup[]): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) {
    await cleanup().catch((error: unknown) => {
      say(`While stopping: ${reasonOf(error)}`);
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A foreseen failure explains itself; a bug needs its stack.
  const isForeseen = error instanceof StartupError || error instanceof FabulaError;
  return isForeseen ? error.message : (error.stack ?? error.message);
}
