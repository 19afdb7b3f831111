import { open, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Cluster } from "./cluster.js";

/** The statements of one request: those that use tables, and BEGIN, settings and COMMIT. */
export interface StatementCounts {
  readonly tables: number;
  readonly control: number;
}

const COUNTED_REQUESTS = 10;
const STATEMENT = /LOG: {2}(?:statement|execute [^:]*): \s*([^\n]*)/gu;
const CONTROL = /^(BEGIN|START|SET|COMMIT|ROLLBACK|SELECT set_config)/iu;
// PostgreSQL takes a moment until all its processes have read a changed setting.
const RELOADED_AFTER_MS = 200;

/** Counts the statements that PostgreSQL logs while `ask` runs. */
export async function countStatements(
  cluster: Cluster,
  ask: () => Promise<unknown>,
): Promise<StatementCounts> {
  await set(cluster, "log_statement = 'all'");
  const { size } = await stat(cluster.logFile);
  for (let request = 0; request < COUNTED_REQUESTS; request++) await ask();
  await delay(RELOADED_AFTER_MS);
  const log = await readFrom(cluster.logFile, size);
  await set(cluster, "log_statement = 'none'");
  const statements = [...log.matchAll(STATEMENT)].map(([, sql = ""]) => sql);
  const control = statements.filter((sql) => CONTROL.test(sql)).length;
  return {
    tables: (statements.length - control) / COUNTED_REQUESTS,
    control: control / COUNTED_REQUESTS,
  };
}

async function set({ superUrl }: Cluster, setting: string): Promise<void> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  await client.query(`ALTER SYSTEM SET ${setting}`);
  await client.query("SELECT pg_reload_conf()");
  await client.end();
  await delay(RELOADED_AFTER_MS);
}

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}
