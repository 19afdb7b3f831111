import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { SECRET, TRUST } from "../../support/api.js";
import { ProcessOutput } from "../../support/process-output.js";
import type { TestDatabase } from "../../support/test-database.js";

const DIST = resolve(import.meta.dirname, "../../../dist/src");

/** Where the processes of a test work. */
export interface Workplace {
  readonly database: TestDatabase;
  /** An empty folder for the files of the processes. */
  readonly folder: string;
}

/** What a command wrote, and the code with which its process ended. */
export interface Outcome {
  readonly code: number;
  readonly result: string;
  readonly notes: string;
}

const environment = ({ database, folder }: Workplace) => ({
  PATH: process.env["PATH"],
  DATA_DIR: join(folder, "data"),
  DATABASE_URL: database.appUrl,
  MIGRATION_DATABASE_URL: database.superUrl,
  PORT: "0",
  AUTH_SECRET: SECRET,
  AUTH_ISSUER: TRUST.issuer,
  AUTH_AUDIENCE: TRUST.audience,
});

/** Runs a command of the migration in a process of its own, until it ends. */
export function runMigrate(workplace: Workplace, ...words: string[]): Promise<Outcome> {
  const file = join(DIST, "legacy/migrate.js");
  const env = environment(workplace);
  return new Promise((ended) => {
    const child = execFile(process.execPath, [file, ...words], { env }, (_error, result, notes) => {
      ended({ code: child.exitCode ?? -1, result, notes });
    });
  });
}

/** A process that the test stops. */
export interface Started {
  readonly child: ChildProcess;
  readonly output: ProcessOutput;
  /** Resolves with the exit code or the signal. */
  readonly ended: Promise<number | string | null>;
}

export const startMigrate = (workplace: Workplace, ...words: string[]): Started =>
  start(workplace, ["legacy/migrate.js", ...words]);

export const startServer = (workplace: Workplace): Started => start(workplace, ["main.js"]);

function start(workplace: Workplace, [file = "", ...words]: readonly string[]): Started {
  const child = spawn(process.execPath, [join(DIST, file), ...words], {
    env: environment(workplace),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | string | null>((done) => {
    child.once("exit", (code, signal) => {
      done(signal ?? code);
    });
  });
  return { child, output: new ProcessOutput(child), ended };
}
