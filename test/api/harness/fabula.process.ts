import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SECRET, TRUST } from "../../support/api.js";
import { ProcessOutput } from "../../support/process-output.js";
import type { TestDatabase } from "../../support/test-database.js";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** A Fabula process that runs the built code in dist and uses a test's database. */
export interface FabulaProcess {
  /** The URL of /graphql; empty for a worker. */
  readonly url: string;
  /** Everything that the process has written to its standard output and standard error. */
  output(): string;
  /** Waits until the process has written a text. */
  says(pattern: RegExp): Promise<unknown>;
  /** Kills the process at once, as a power cut does. */
  kill(): Promise<void>;
  /** Stops the process with SIGTERM. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

const started = new Set<ChildProcess>();

/** Kills all processes that still run, because a failed test does not stop its processes. */
export function endProcesses(): void {
  for (const child of started) child.kill("SIGKILL");
}

type Environment = Readonly<Record<string, string>>;

/** Starts the process of `npm start` or `npm run worker`. Resolves when the process reports ready. */
export async function fabulaProcess(
  program: "main" | "worker",
  database: TestDatabase,
  environment: Environment = {},
): Promise<FabulaProcess> {
  const { child, output, ended } = startProgram(program, database, environment);
  const [, url = ""] = await output.until(READY);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return {
    url: url.replace("localhost", "127.0.0.1"),
    output: () => output.text,
    says: (pattern) => output.until(pattern),
    kill: async () => {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
}

const READY = /^Fabula is ready at (\S+)\n|^The worker is ready.*\n/m;

/** Starts a program that ends without being ready. Resolves with its exit code and output. */
export async function failedStart(
  database: TestDatabase,
  environment: Environment,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const { output, ended } = startProgram("main", database, environment);
  return { code: await ended, text: output.text };
}

function startProgram(
  program: "main" | "worker",
  { appUrl, ownerUrl }: TestDatabase,
  environment: Environment,
) {
  const dataDir = mkdtempSync(path.join(tmpdir(), "fabula-"));
  const child = spawn(process.execPath, [path.join(ROOT, `dist/src/${program}.js`)], {
    cwd: dataDir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      DATA_DIR: dataDir,
      DATABASE_URL: appUrl,
      MIGRATION_DATABASE_URL: ownerUrl,
      AUTH_SECRET: SECRET,
      AUTH_ISSUER: TRUST.issuer,
      AUTH_AUDIENCE: TRUST.audience,
      WORKER_THREADS: "1",
      ...environment,
    },
  });
  started.add(child);
  const ended = once(child, "close").then(([code]) => {
    started.delete(child);
    rmSync(dataDir, { recursive: true, force: true });
    return code as number | null;
  });
  return { child, ended, output: new ProcessOutput(child) };
}
