import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config, DatabaseConfig } from "../config.js";
import { startEmbeddedPostgres } from "../platform/embedded-postgres/index.js";
import { StartupError } from "../platform/errors.js";
import { makeFolder } from "../platform/files/folders.js";
import { createWhole } from "../platform/files/whole-files.js";

/** A database that answers. Call `leave` at the end. */
export interface OpenDatabase extends DatabaseConfig {
  readonly isEmbedded: boolean;
  /**
   * The folder of this installation's files: DATA_DIR, or the fallback folder of the embedded
   * PostgreSQL.
   */
  readonly filesDir: string;
  /**
   * Returns the secret that signs development tokens. The first call makes the secret and stores the
   * secret with the data.
   */
  developmentSecret: () => Promise<string>;
  /** Stops the embedded server, unless another process still uses it. */
  leave: () => Promise<void>;
}

/**
 * Opens the PostgreSQL of DATABASE_URL. Without DATABASE_URL, starts the embedded PostgreSQL, or joins
 * the embedded PostgreSQL that another Fabula process has started.
 */
export async function openDatabase(
  { database, dataDir }: Pick<Config, "database" | "dataDir">,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  if (database) {
    return {
      ...database,
      isEmbedded: false,
      filesDir: dataDir,
      developmentSecret: () => keptSecret(dataDir),
      leave: () => Promise.resolve(),
    };
  }
  const wanted = join(dataDir, "postgres");
  const embedded = await startEmbeddedPostgres({ dataDir: wanted, logger: say });
  return {
    url: embedded.appUrl,
    directUrl: embedded.appUrl,
    migrationUrl: embedded.ownerUrl,
    isEmbedded: true,
    filesDir: embedded.dataDir === wanted ? dataDir : embedded.dataDir,
    developmentSecret: () => Promise.resolve(embedded.tokenSecret),
    leave: () => embedded.stop(),
  };
}

/**
 * Returns the secret in the file of this installation. The first process makes the file.
 * @throws StartupError if the file cannot be stored or read, or is damaged
 */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, "token-secret");
  const secret = await readOrMake(file).catch((cause: unknown) => {
    throw new StartupError(
      `DATA_DIR ${dataDir} cannot store the development secret; choose another folder, or set AUTH_SECRET.`,
      { cause },
    );
  });
  // An empty or short secret would let anyone sign tokens.
  if (SECRET.test(secret)) return secret;
  throw new StartupError(`${file} is damaged. Delete it and start again; a new secret is made.`);
}

const SECRET = /^[0-9a-f]{64}$/;

async function readOrMake(file: string): Promise<string> {
  await makeFolder(dirname(file));
  // Only one process makes the file, and no process reads half of it.
  if (!existsSync(file)) createWhole(file, randomBytes(32).toString("hex"));
  return readFile(file, "utf8");
}
