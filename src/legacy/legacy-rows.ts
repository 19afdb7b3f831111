import type pg from "pg";
import { inTransactionAs } from "./connection.js";
import type { LegacyDatabase, LegacyTable } from "./legacy-database.js";

/** Counts the rows of every legacy table. */
export const countLegacyRows = (
  client: pg.Client,
  { owner, tables }: LegacyDatabase,
): Promise<ReadonlyMap<LegacyTable, number>> =>
  inTransactionAs(client, owner, async () => {
    const counts = tables.map(
      (table) => `SELECT '${table}' AS "table", count(*)::float8 AS rows FROM public.${table}`,
    );
    const { rows } = await client.query<{ table: LegacyTable; rows: number }>(
      counts.join(" UNION ALL "),
    );
    return new Map(rows.map(({ table, rows: count }) => [table, count]));
  });
