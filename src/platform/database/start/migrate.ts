import type pg from "pg";
import type { DataSource } from "typeorm";
import { acquire } from "./one-at-a-time.js";
import { ensureRoles } from "./roles.js";
import { openClient, refuseSharedSessions } from "./sessions.js";

// The key of the advisory lock. The number is arbitrary, but it must be the same in every release.
const MIGRATION_LOCK = 7_301_962;

/** Another step that must finish before the server runs. */
export type SetupStep = () => Promise<void>;

/** What surrounds the migrations. The migration lock is held meanwhile. */
export interface Surroundings {
  /** Looks at the database before anything changes. */
  readonly before?: (client: pg.ClientBase) => Promise<void>;
  readonly after: readonly SetupStep[];
}

/**
 * Brings a database up to date: roles, migrations, then the steps after. Only one process migrates at a
 * time.
 *
 * @param dataSource the owner's data source, not yet initialised
 * @returns the names of the migrations that ran
 * @throws StartupError with one sentence, or with the statements to run if the login has no right to
 * create the roles
 */
export async function migrate(
  url: string,
  dataSource: DataSource,
  { before, after }: Surroundings,
): Promise<string[]> {
  const lock = await openClient(url);
  try {
    await refuseSharedSessions(url, "Migrations", "MIGRATION_DATABASE_URL or DIRECT_DATABASE_URL");
    // A pooler may give a session that another client has left in any state.
    await lock.query("DISCARD ALL");
    await acquire(lock, MIGRATION_LOCK);
    await before?.(lock);
    await ensureRoles(lock);
    // The login may have no rights of its own, not even those of the roles it may act as.
    await lock.query("SET ROLE fabula_owner; CREATE SCHEMA IF NOT EXISTS platform; RESET ROLE");
    await dataSource.initialize();
    try {
      const ran = await dataSource.runMigrations();
      for (const step of after) await step();
      return ran.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}
