import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { inTransactionAs } from "../connection.js";

/** Statistics are made again when the tables have this many times as many rows. */
const GROWTH = 8;

/**
 * Keeps the statistics of growing tables fresh. PostgreSQL plans the checks of foreign keys once a session, and
 * plans them for empty tables before the first batch. With such plans, batches of narrations took 30 times as long.
 */
export class Statistics {
  private nextAtRows = 1;

  constructor(
    private readonly client: pg.Client,
    private readonly tables: readonly string[],
  ) {}

  /** Makes new statistics if `rows` are many more than at the last time. */
  async follow(rows: number): Promise<void> {
    if (rows < this.nextAtRows) return;
    this.nextAtRows = rows * GROWTH;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    await inTransactionAs(this.client, Role.Owner, () =>
      this.client.query(`ANALYZE ${this.tables.join(", ")}`),
    );
  }
}
