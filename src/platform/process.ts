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
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= undoAll(cleanups));
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    say(`Stopping (${signal})`);
    void stop().then(() => process.exit(process.exitCode ?? 0));
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    if ((await main((cleanup) => cleanups.push(cleanup))) === "running") return;
    await stop();
  } catch (error) {
    // Stopping half-way through the start makes the rest of the start fail; that is no news.
    if (stopped) return;
    process.exitCode = 1;
    say(reasonOf(error));
    await stop();
  }
  process.exit();
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
