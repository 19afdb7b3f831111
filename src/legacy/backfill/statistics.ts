import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { inTransactionAs } from "../connection.js";

/** Statistics are made again when the tables have this many times as many rows. */
const GROWTH = 8;
/** A sample of 3,000 rows is enough for growing tables. The usual sample has 30,000 rows, and takes 200 ms. */
const SMALL_SAMPLE = 10;

/**
 * Keeps the statistics of growing tables fresh. PostgreSQL plans the checks of foreign keys once a session, and
 * plans them for empty tables before the first batch. With such plans, batches of narrations took 30 times as long.
 */
export class Statistics {
  private nextAtRows = 1;

  constructor(private readonly tables: readonly string[]) {}

  /** Makes new statistics if `rows` are many more than at the last time. */
  async follow(client: pg.Client, rows: number): Promise<void> {
    if (rows < this.nextAtRows) return;
    this.nextAtRows = rows * GROWTH;
    await this.refresh(client);
  }

  refresh(client: pg.Client): Promise<void> {
    return analyze(client, this.tables, SMALL_SAMPLE);
  }
}

/** Makes the statistics of complete tables. */
export const makeStatistics = (client: pg.Client, tables: readonly string[]): Promise<void> =>
  analyze(client, tables);

const analyze = (client: pg.Client, tables: readonly string[], sample?: number): Promise<void> =>
  inTransactionAs(client, Role.Owner, async () => {
    if (sample !== undefined) {
      await client.query(`SET LOCAL default_statistics_target = ${sample}`);
    }
    await client.query(`ANALYZE ${tables.join(", ")}`);
  });
