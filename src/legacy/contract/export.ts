import { createWriteStream, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { StartupError } from "../../platform/errors.js";
import { SYNC_ROLE, inTransaction, quoted } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";

/** A file of JSON lines, one for each row of a query. */
export interface ExportedFile {
  /** Without the ending .jsonl. */
  readonly name: string;
  /** A query with one column `row`. */
  readonly sql: string;
  /** The role that may read the rows. */
  readonly role: string;
}

const ROWS_AT_A_TIME = 500;

/**
 * Makes the folder. A folder with files may hold an earlier export, which nothing may overwrite.
 * @throws StartupError if the folder cannot be made, or holds files
 */
export function makeExportFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StartupError(`Cannot make the folder ${folder}; choose another one.`, { cause });
  }
  if (readdirSync(folder).length > 0) {
    throw new StartupError(`The folder ${folder} is not empty; choose a new one.`);
  }
}

/** Writes files within a transaction. Returns the number of rows of each file; an empty file is left out. */
export async function writeFiles(
  client: pg.Client,
  folder: string,
  files: readonly ExportedFile[],
): Promise<ReadonlyMap<string, number>> {
  const written = new Map<string, number>();
  for (const file of files) {
    await client.query(`SET LOCAL ROLE ${quoted(file.role)}`);
    await client.query(`DECLARE exported NO SCROLL CURSOR FOR ${file.sql}`);
    const first = await nextRows(client);
    if (first.length > 0) {
      let count = 0;
      const lines = async function* () {
        for (let rows = first; rows.length > 0; rows = await nextRows(client)) {
          count += rows.length;
          yield rows.map((row) => `${row}\n`).join("");
        }
      };
      await pipeline(lines, createWriteStream(join(folder, `${file.name}.jsonl`), { flags: "wx" }));
      written.set(file.name, count);
    }
    await client.query("CLOSE exported; RESET ROLE");
  }
  return written;
}

async function nextRows(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_A_TIME} FROM exported`);
  return rows.map(({ row }) => row);
}

/** Saves the legacy rows that are in quarantine, each with its reason, in an empty folder. Returns how many. */
export async function saveQuarantine(
  client: pg.Client,
  { tables }: LegacyDatabase,
  folder: string,
): Promise<number> {
  const files = tables.map((table): ExportedFile => ({
    name: table,
    role: SYNC_ROLE,
    sql: `SELECT jsonb_build_object('reason', q.reason, 'detail', q.detail, 'row', to_jsonb(l))::text AS row
      FROM legacy_sync.quarantine q JOIN LATERAL legacy_sync.rows_of_${table}(ARRAY[q.source_id]) l ON true
      WHERE q.source_table = '${table}' AND ${table === "users" ? "true" : "q.source_id ~ '^-?\\d+$'"}`,
  }));
  const written = await inTransaction(client, () => writeFiles(client, folder, files));
  return [...written.values()].reduce((sum, count) => sum + count, 0);
}
