import { EntityManager, type QueryRunner } from "typeorm";
import type { PooledClient } from "../connection/pooled-client.js";
import type { RowReader } from "../rows/row-query.js";

/**
 * The manager of a transaction that reads. Its methods `query` and `readRows` send a statement directly to the
 * driver. The manager of TypeORM returns the same rows for a SELECT, but costs much more for each statement.
 */
export class ReadingTx extends EntityManager implements RowReader {
  /** A property, because its callers take it out of the object. */
  readonly readRows: RowReader["readRows"] = async (select) => this.client().readRows(select);

  /**
   * @param runner the runner of TypeORM on the connection
   * @param client returns the connection, in an open transaction. Each statement asks for it.
   */
  constructor(
    private readonly runner: QueryRunner,
    private readonly client: () => PooledClient,
  ) {
    super(runner.dataSource);
  }

  override async query<T>(sql: string, values?: unknown[]): Promise<T> {
    return (await this.client().query(sql, values)).rows as T;
  }

  /** Returns the runner that the other methods of TypeORM use. */
  runnerInTransaction(): QueryRunner {
    const { runner } = this;
    const query = async (...statement: Parameters<QueryRunner["query"]>): Promise<unknown> => {
      this.client();
      return runner.query(...statement) as Promise<unknown>;
    };
    return Object.create(runner, { query: { value: query } }) as QueryRunner;
  }
}

// TypeScript allows no accessor in place of the property of TypeORM.
Object.defineProperty(ReadingTx.prototype, "queryRunner", {
  get(this: ReadingTx): QueryRunner {
    return this.runnerInTransaction();
  },
});
