import { createHash } from "node:crypto";
import type { Database } from "../../platform/database/transactions/database.js";
import { reasonOfRefusal } from "../../platform/database/transactions/sqlstate.js";

export const PLANS_PATH = "/playground/plans";

/** All statements of the schema's lists are fewer than this. */
const MOST_STATEMENTS = 2_000;

/**
 * Explains the statements that this process sent to PostgreSQL. Only in development, and only statements that the
 * server itself wrote: a client sends the key of a statement, and never SQL.
 */
export class StatementPlans {
  private readonly statements = new Map<string, string>();

  constructor(private readonly database: Database) {}

  /** Keeps a statement, and returns the URL of its plan. */
  readonly urlOf = (sql: string): string => {
    const key = createHash("sha256").update(sql).digest("hex").slice(0, 24);
    if (this.statements.size < MOST_STATEMENTS) this.statements.set(key, sql);
    return `${PLANS_PATH}/${key}`;
  };

  /**
   * Returns the lines of the plan that PostgreSQL makes without the values of the parameters. PostgreSQL does not run
   * the statement. If PostgreSQL cannot plan the statement, returns the reason. Returns null for an unknown key.
   */
  async explain(key: string): Promise<readonly string[] | null> {
    const sql = this.statements.get(key);
    if (sql === undefined) return null;
    try {
      const rows = await this.database.read({ viewer: null }, (tx) =>
        tx.query<{ "QUERY PLAN": string }[]>(`EXPLAIN (GENERIC_PLAN) ${sql}`),
      );
      return rows.map((row) => row["QUERY PLAN"]);
    } catch (error) {
      const reason = reasonOfRefusal(error);
      if (reason === null) throw error;
      return [`PostgreSQL has no plan for this statement: ${reason}`];
    }
  }
}
