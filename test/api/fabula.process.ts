import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { SECRET, TRUST } from "../support/api.js";
import type { TestDatabase } from "../support/test-database.js";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** A Fabula process that runs the built code in dist and uses a test's database. */
export interface FabulaProcess {
  /** The URL of /graphql; empty for a worker. */
  readonly url: string;
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

/** Starts the process of `npm start` or `npm run worker`. Resolves when the process reports ready. */
export async function fabulaProcess(
  program: "main" | "worker",
  { appUrl, ownerUrl }: TestDatabase,
  environment: Readonly<Record<string, string>> = {},
): Promise<FabulaProcess> {
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
  const ended = once(child, "exit");
  const url = await waitUntilReady(child);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    started.delete(child);
    rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  return {
    url,
    kill: async () => {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
}

async function waitUntilReady(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error("The process has no output.");
  const lines = createInterface({ input: child.stdout });
  const notes = createInterface({ input: child.stderr });
  return new Promise((resolve, reject) => {
    const read = (line: string): void => {
      said.push(line);
      if (line.includes("The worker is ready")) resolve("");
      const [, url] = /^Fabula is ready at (\S+)/.exec(line) ?? [];
      if (url) resolve(url.replace("localhost", "127.0.0.1"));
    };
    lines.on("line", read);
    notes.on("line", read);
    child.once("exit", (code) => {
      reject(new Error(`The process ended with ${code ?? "a signal"}:\n${said.join("\n")}`));
    });
  });
}
