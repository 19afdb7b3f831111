import pg from "pg";
import type { TestDatabase } from "./test-database.js";

/** A lock that makes whoever writes to a table wait. */
export interface Barrier {
  /** Resolves when someone waits at it. */
  reached(): Promise<void>;
  open(): Promise<void>;
}

export async function barrierAt({ superUrl }: TestDatabase, table: string): Promise<Barrier> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
  return {
    // The wait is PostgreSQL's: there is no event for a lock that somebody asks for.
    reached: async () => {
      await client.query(`DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass) LOOP
          PERFORM pg_sleep(0.02);
        END LOOP; END $$`);
    },
    open: async () => {
      await client.query("COMMIT");
      await client.end();
    },
  };
}
