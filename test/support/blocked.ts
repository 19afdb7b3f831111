import type { TestDatabase } from "./test-database.js";
import pg from "pg";

/** A row that a transaction of the test has locked. */
export interface HeldRow {
  release(): Promise<void>;
}

/**
 * Locks the rows that `sql` selects, as the superuser. `sql` is a SELECT ... FOR UPDATE or a LOCK TABLE.
 */
export async function holdRow(database: TestDatabase, sql: string): Promise<HeldRow> {
  const client = new pg.Client({ connectionString: database.superUrl });
  await client.connect();
  await client.query("BEGIN");
  await client.query(sql);
  return {
    release: async () => {
      await client.query("COMMIT");
      await client.end();
    },
  };
}

/** Resolves when `count` connections of this database wait for a lock. */
export async function untilBlocked(database: TestDatabase, count: number): Promise<void> {
  while ((await countBlocked(database)) < count);
}

/** Resolves when no connection of this database waits for a lock. */
export async function untilUnblocked(database: TestDatabase): Promise<void> {
  while ((await countBlocked(database)) > 0);
}

async function countBlocked({ superuser }: TestDatabase): Promise<number> {
  const [waiting] = await superuser<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting?.count ?? 0;
}

/** Returns a promise and a function that resolves it. */
export function gate<T = void>(): { readonly opened: Promise<T>; open(value: T): void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { opened: promise, open: resolve };
}

/** Resolves when exactly `count` connections of this database run pg_sleep. */
export async function untilSleeping({ superuser }: TestDatabase, count: number): Promise<void> {
  for (;;) {
    const [sleeping] = await superuser<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event = 'PgSleep'`,
    );
    if (sleeping?.count === count) return;
  }
}
