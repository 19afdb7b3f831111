import { setTimeout as pause } from "node:timers/promises";

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

/** A failure that was foreseen: its message is all a person needs. */
export class StartupError extends Error {}

/**
 * Runs a process to its end. `main` may finish (a command) or leave servers running. SIGINT,
 * SIGTERM, an error, or a command's end undo everything, once, in reverse; a second signal
 * does not wait.
 */
export async function runProcess(
  main: (stopping: Stopping) => Promise<"finished" | "running">,
): Promise<void> {
  const cleanups: Cleanup[] = [];
  const stop = (): Promise<void> => undoAll(cleanups);
  let signalled = false;
  let isImpatient = false;
  const started = (async () => {
    const outcome = await main((cleanup) => {
      cleanups.push(cleanup);
      if (signalled) throw new StartupError("Stopped while starting.");
    });
    if (outcome === "running") return;
    await stop();
    process.exit();
  })().catch(async (error: unknown) => {
    // Stopping half-way through the start makes the rest of the start fail; that is no news.
    if (!signalled) {
      process.exitCode = 1;
      say(reasonOf(error));
    }
    await stop();
    process.exit();
  });

  const onSignal = (signal: NodeJS.Signals): void => {
    if (isImpatient) process.exit(1);
    if (signalled) return;
    signalled = true;
    say(`Stopping (${signal})`);
    setTimeout(() => {
      isImpatient = true;
    }, SAME_SIGNAL_MS).unref();
    // What the start is in the middle of, such as bringing up PostgreSQL, is undone as well.
    const settled = Promise.race([started, pause(START_GRACE_MS)]);
    void Promise.all([stop(), settled])
      .then(stop)
      .then(() => process.exit());
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  await started;
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
  return FORESEEN.has(error.constructor.name) ? error.message : (error.stack ?? error.message);
}

const FORESEEN = new Set([
  "StartupError",
  "ConfigError",
  "DatabaseSetupError",
  "InvalidInputError",
  "NotFoundError",
  "ConflictError",
  "UnavailableError",
]);
