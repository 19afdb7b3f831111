import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config, DatabaseConfig } from "../config.js";
import { startEmbeddedPostgres } from "../platform/embedded-postgres/index.js";
import { StartupError } from "../platform/errors.js";

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

async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, "token-secret");
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new StartupError(
      `DATA_DIR ${dataDir} cannot store the development secret; choose another folder, or set AUTH_SECRET.`,
      { cause },
    );
  });
  // With the flag wx, the first process writes the secret, and every other process reads it.
  await writeFile(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    },
  );
  return readFile(file, "utf8");
}
