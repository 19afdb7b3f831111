import pg from "pg";
import type { TestDatabase } from "./test-database.js";

/** A lock that blocks writes to a table. */
export interface Barrier {
  /** Resolves when a connection waits for the lock, or when the lock was released. */
  reached(): Promise<void>;
  open(): Promise<void>;
}

export async function barrierAt({ superUrl }: TestDatabase, table: string): Promise<Barrier> {
  const holder = await connected(superUrl);
  await holder.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
  const [held] = (await holder.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows;
  return {
    reached: async () => {
      const watcher = await connected(superUrl);
      // PostgreSQL polls here, because it sends no event when a connection asks for a lock.
      await watcher.query(`DO $$ BEGIN
        WHILE EXISTS (SELECT FROM pg_locks WHERE granted AND pid = ${held?.pid} AND relation = '${table}'::regclass)
          AND NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass) LOOP
          PERFORM pg_sleep(0.02);
        END LOOP; END $$`);
      await watcher.end();
    },
    open: async () => {
      await holder.query("COMMIT");
      await holder.end();
    },
  };
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
