import pg from "pg";
import { documents, templateRows } from "./seed-documents.js";
import type { SeedSize } from "./seed-size.js";
import { SEEDED_TABLES, statements } from "./seed-statements.js";

/**
 * The users whose pages are measured. Each reader has 7 narrations of each of the newest 100 stories,
 * and 300 more.
 */
export const READERS = 20;
export const readerOf = (index: number): string => `reader-${(index % READERS) + 1}`;

/**
 * Fills the migrated database of `superUrl` with rows. The superuser is not bound by row-level security,
 * and checks no foreign keys while it fills the tables.
 */
export async function seed(
  superUrl: string,
  size: SeedSize,
  say: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query("SET synchronous_commit = off");
    await client.query("SET work_mem = '256MB'");
    await client.query("CREATE TEMP TABLE documents (n int, document jsonb)");
    await client.query("CREATE TEMP TABLE found_templates (template jsonb)");
    const made = await documents();
    for (const [n, document] of made.entries()) {
      await client.query("INSERT INTO documents VALUES ($1, $2)", [n, JSON.stringify(document)]);
    }
    for (const template of templateRows(made)) {
      await client.query("INSERT INTO found_templates VALUES ($1)", [JSON.stringify(template)]);
    }
    for (const { name, sql } of statements(size, READERS)) {
      const started = performance.now();
      await client.query(sql);
      say(`Seeded ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    for (const table of SEEDED_TABLES) await client.query(`VACUUM (ANALYZE) ${table}`);
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}

/** Returns the size of a database that `seed` has filled. Returns null for a database without stories. */
export async function seededSize(superUrl: string): Promise<SeedSize | null> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    const { rows } = await client.query<SeedSize>(
      `SELECT (SELECT count(*)::int FROM reference.stories) AS stories,
         (SELECT count(*)::int FROM instances.user_story_narrations) AS narrations,
         (SELECT count(*)::int FROM platform.users) AS users`,
    );
    const [size] = rows;
    return size && size.stories > 0 ? size : null;
  } finally {
    await client.end();
  }
}
