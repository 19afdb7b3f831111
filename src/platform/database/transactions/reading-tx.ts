import type { EntityManager, QueryRunner } from "typeorm";
import type { PooledClient } from "../connection/pooled-client.js";

/**
 * Returns a manager whose methods `query` and `readRows` send a statement directly to the driver. The
 * manager of TypeORM returns the same rows for a SELECT, but costs much more for each statement.
 * @param client returns the connection, in an open transaction. Each statement asks for it.
 */
export const readingTx = (manager: EntityManager, client: () => PooledClient): EntityManager =>
  Object.create(manager, {
    query: {
      value: async (sql: string, values?: unknown[]): Promise<unknown> =>
        (await client().query(sql, values)).rows,
    },
    readRows: {
      value: async (...select: Parameters<PooledClient["readRows"]>) =>
        client().readRows(...select),
    },
    // The other methods of TypeORM use this runner.
    queryRunner: { get: () => runnerOf(manager, client) },
  }) as EntityManager;

function runnerOf(manager: EntityManager, client: () => PooledClient): QueryRunner | undefined {
  const { queryRunner } = manager;
  if (!queryRunner) return undefined;
  const query = async (...statement: Parameters<QueryRunner["query"]>): Promise<unknown> => {
    client();
    return queryRunner.query(...statement) as Promise<unknown>;
  };
  return Object.create(queryRunner, { query: { value: query } }) as QueryRunner;
}
