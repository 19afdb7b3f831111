import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { SECRET, TRUST } from "../support/api.js";
import type { TestDatabase } from "../support/test-database.js";

const CLI = resolve(import.meta.dirname, "../../dist/src/cli.js");

/** What a command wrote, and the code with which its process ended. */
export interface CliOutcome {
  readonly code: number;
  /** The result: the standard output. */
  readonly result: string;
  /** Everything else: the standard error. */
  readonly notes: string;
}

export interface CliPlace {
  readonly database: TestDatabase;
  readonly folder: string;
  /** More variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The standard input. Default: empty. */
  readonly input?: string | Uint8Array;
}

/** Runs a command in a separate process, as a person does at a terminal. */
export function runCli(
  words: readonly string[],
  { database, folder, env: more = {}, input = "" }: CliPlace,
): Promise<CliOutcome> {
  const env = {
    PATH: process.env["PATH"],
    DATA_DIR: join(folder, "data"),
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    AUTH_SECRET: SECRET,
    AUTH_ISSUER: TRUST.issuer,
    AUTH_AUDIENCE: TRUST.audience,
    ...more,
  };
  return new Promise((ended) => {
    const child = execFile(process.execPath, [CLI, ...words], { env }, (_error, result, notes) => {
      ended({ code: child.exitCode ?? -1, result, notes });
    });
    child.stdin?.end(input);
  });
}
