import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { isError, reportOf, reportText } from "./error-report.js";
import { FabulaError, StartupError, exitCodeOf } from "../errors.js";

const OLDEST_NODE = 24;

/** Undoes one step of the start before the process ends. */
export type Cleanup = () => Promise<unknown>;

/** Registers a cleanup for the end of the process. The last registered cleanup runs first. */
export type Stopping = (cleanup: Cleanup) => void;

/**
 * Writes a line for the person at the terminal to standard error, because standard output is only
 * for a command's output.
 */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Writes a line of a command's output. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

// The terminal sends Ctrl-C to the whole process group, and npm sends the same signal again. A
// signal within this time counts as a repetition.
const SAME_SIGNAL_MS = 500;
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Time for all cleanups. Programs that run servers send SIGKILL ten seconds after SIGTERM. */
const STOP_MS = 9_500;
/** A pipe without a reader, a socket without a peer, a terminal that was closed. */
const READER_IS_GONE: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET", "EIO"]);
/** The part of STOP_MS that each cleanup must leave for every later cleanup. */
const RESERVED_MS = 1_500;

/**
 * Runs a process to its end. `main` may finish (a command) or leave servers running. SIGINT,
 * SIGTERM, the end of the terminal (SIGHUP), an error, or a command's end run all cleanups once, in
 * reverse order, within ten seconds.
 * A second signal ends the process without waiting.
 */
export async function runProcess(
  main: (stopping: Stopping) => Promise<"finished" | "running">,
): Promise<void> {
  refuseOldNode();
  quietLibraries();
  outliveOutput();
  const cleanups: Cleanup[] = [];
  let undoing = Promise.resolve();
  /** Waits until running cleanups have ended, and then runs the remaining cleanups. */
  const undo = (endsAtMs?: number): Promise<void> =>
    (undoing = undoing.then(() => undoAll(cleanups, endsAtMs)));
  const stopping = new AbortController();
  let isRunning = false;
  let isBroken = false;
  const stopOn = async (signal: NodeJS.Signals): Promise<void> => {
    stopping.abort();
    say(`Stopping (${signal})`);
    // The start may be in the middle of a step, for example starting PostgreSQL. Undo that step too.
    const endsAtMs = performance.now() + STOP_MS;
    const settled = Promise.race([started.catch(() => undefined), pause(STOP_MS / 2)]);
    await Promise.all([undo(endsAtMs), settled]);
    await undo(endsAtMs);
    if (isBroken) process.exit(1);
    // For a server, a stop is a success. For a command, a stop is a failure: its work is not done.
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
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  // Without this handler, Node would print every field of the error. Node also calls this handler
  // for a rejection that nothing handles.
  process.on("uncaughtException", (error) => {
    say(`Ending after an error that nothing handled. ${reportText(reportOf(error))}`);
    isBroken = true;
    process.exitCode = 1;
    void undo().finally(() => process.exit(1));
  });
  // After the handlers: a signal during the first step of the start must not end the process at once.
  const started = main((cleanup) => {
    cleanups.push(cleanup);
    if (stopping.signal.aborted) throw new StartupError("Stopped while starting.");
  });
  try {
    isRunning = (await started) === "running";
    if (isRunning) return;
  } catch (error) {
    // A stop during the start makes the rest of the start fail. Do not report that error.
    if (!stopping.signal.aborted) {
      process.exitCode = exitCodeOf(error);
      say(reasonOf(error));
    }
  }
  if (stopping.signal.aborted) return;
  await undo();
  await Promise.all([process.stdout, process.stderr].map(written));
  process.exit();
}

/** Waits until the reader of a pipe has taken all output. An exit before that would cut a long result. */
const written = (output: NodeJS.WriteStream): Promise<void> =>
  new Promise((done) => {
    output.write("", () => {
      done();
    });
  });

/**
 * Lets the process continue without output when the terminal or the reader of a pipe is gone. Without
 * this, each report of the failed write would fail too, again and again. If nobody is gone, a part of the result is
 * lost, for example on a full disk. Then the command has failed.
 */
function outliveOutput(): void {
  process.stderr.on("error", () => undefined);
  let isReported = false;
  process.stdout.on("error", ({ code = "unknown error" }: NodeJS.ErrnoException) => {
    if (READER_IS_GONE.has(code) || isReported) return;
    isReported = true;
    process.exitCode = 1;
    say(`A part of the output could not be written (${code}).`);
  });
}

/**
 * Ends the process if Node is too old. A plain `node dist/…` runs the host's Node, which may be
 * older than the Node of the npm scripts.
 */
function refuseOldNode(): void {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  say(
    `Fabula needs Node ${OLDEST_NODE}; this is ${process.version}. Use npm start and the other scripts: they run node_modules/.bin/node.`,
  );
  process.exit(1);
}

/**
 * Runs the cleanups in reverse order. If a cleanup takes too long, the next cleanup starts without
 * waiting for it.
 */
async function undoAll(cleanups: Cleanup[], endsAtMs = performance.now() + STOP_MS): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) {
    const allMs = endsAtMs - performance.now();
    // Many cleanups share the time equally.
    const reservedMs = Math.min(RESERVED_MS, allMs / (cleanups.length + 1));
    const leftMs = allMs - cleanups.length * reservedMs;
    const late = new AbortController();
    const lateness = pause(Math.max(0, leftMs), true, { signal: late.signal }).catch(() => false);
    const undone = cleanup()
      .catch((error: unknown) => {
        say(`While stopping: ${reportText(reportOf(error))}`);
      })
      .then(() => false);
    if (await Promise.race([undone, lateness]))
      say("While stopping: a step took too long; ending without it.");
    late.abort();
  }
}

function reasonOf(error: unknown): string {
  // The message of an expected failure is enough. A bug needs its stack.
  const isForeseen = error instanceof StartupError || error instanceof FabulaError;
  return isForeseen ? error.message : reportText(reportOf(error));
}

/**
 * Replaces the functions of the console, and Node's own output of warnings. Libraries write texts and
 * errors with all their fields, which may quote input. Instead, write a safe report that says where
 * the text came from.
 */
function quietLibraries(): void {
  const write = (...parts: unknown[]): void => {
    const report = reportOf(parts.find(isError) ?? new Error("The console"));
    say(`A library wrote to the console. ${reportText(report)}`);
  };
  Object.assign(console, { log: write, info: write, warn: write, error: write, debug: write });
  process.removeAllListeners("warning").on("warning", (warning) => {
    say(reportText(reportOf(warning)));
  });
}
