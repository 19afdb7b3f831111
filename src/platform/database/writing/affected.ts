import type { Tx } from "../transactions/database.js";

/**
 * Runs a statement that writes rows, and returns their number. An INSERT needs no RETURNING then: for each
 * row that RETURNING shows, PostgreSQL also checks who may read the row.
 */
export async function countWritten(
  tx: Tx,
  sql: string,
  values: readonly unknown[],
): Promise<number> {
  if (!tx.queryRunner) throw new Error("A statement was sent outside a transaction.");
  const { affected } = await tx.queryRunner.query(sql, [...values], true);
  return affected ?? 0;
}
