import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { DataSource } from "typeorm";
import { DatabaseSetupError, ensureRoles } from "./roles.js";

// The key of the advisory lock. The number is arbitrary, but it must be the same in every release.
const MIGRATION_LOCK = 7_301_962;
const POLL_MS = 250;

/**
 * Another step that must finish before the server runs. The migration lock is held during the step.
 */
export type SetupStep = () => Promise<void>;

/**
 * Brings a database up to date: roles, migrations, then `steps`. Only one process migrates at a
 * time. Other processes poll, because a process that waits in pg_advisory_lock makes CREATE INDEX
 * CONCURRENTLY fail.
 *
 * @param dataSource the owner's data source, not yet initialised
 * @returns the names of the migrations that ran
 * @throws DatabaseSetupError with the statements to run, if the login may not create the roles
 */
export async function migrate(
  url: string,
  dataSource: DataSource,
  steps: readonly SetupStep[],
): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await lock.connect().catch((cause: unknown) => {
    throw new DatabaseSetupError(unreachable(url, cause), { cause });
  });
  try {
    await acquire(lock);
    await ensureRoles(lock);
    // The login may have no rights of its own, not even those of the roles it may act as.
    await lock.query("SET ROLE fabula_owner; CREATE SCHEMA IF NOT EXISTS platform; RESET ROLE");
    await dataSource.initialize();
    try {
      const ran = await dataSource.runMigrations();
      for (const step of steps) await step();
      return ran.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}

async function acquire(lock: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await lock.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS locked",
      [MIGRATION_LOCK],
    );
    if (rows[0]?.locked) return;
    await pause(POLL_MS);
  }
}

function unreachable(url: string, cause: unknown): string {
  const { host, pathname, username } = new URL(url);
  const { code = "no answer", message } = cause as { code?: string; message?: string };
  return `Cannot reach the database${pathname.slice(1) && ` ${pathname.slice(1)}`} at ${host} as ${username || "the default user"} (${message || code}). Is it running, and is DATABASE_URL right?`;
}
