import type { DataSource, EntityManager, QueryRunner } from "typeorm";
import { retryOnContention, translateError } from "./sqlstate.js";

/** A transaction in progress. Only stores call its methods. */
export type Tx = EntityManager;

/** The user whose rows a transaction may see. Null: the transaction sees only reference data. */
export type Viewer = string | null;

/** The settings that row-level security reads. The server sets them at the start of a transaction. */
export interface ReadScope {
  readonly viewer: Viewer;
  /** Hashes of the share links in the request. Each hash opens the one unlisted edition that stores it. */
  readonly shareTokenHashes?: readonly string[];
}

interface RawClient {
  query(sql: string, values?: readonly unknown[]): Promise<unknown>;
}

const SET_SCOPE =
  "SELECT set_config('app.user_id', $1, true), set_config('app.share_token_hashes', $2, true)";

/** Runs short transactions. PostgreSQL itself knows the viewer of each transaction. */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /**
   * Runs a read-only transaction. BEGIN, the scope and the first statement share one round trip.
   * @throws UnavailableError when the database does not answer or is too slow.
   */
  async read<T>(scope: ReadScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.withRunner(async (runner) => {
      const client = (await runner.connect()) as RawClient;
      const opened = Promise.all([
        client.query("BEGIN READ ONLY"),
        client.query(SET_SCOPE, [scope.viewer ?? "", (scope.shareTokenHashes ?? []).join(",")]),
      ]);
      try {
        const [result] = await Promise.all([work(runner.manager), opened]);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await Promise.allSettled([opened, client.query("ROLLBACK")]);
        throw error;
      }
    });
  }

  /**
   * Runs a read-write transaction. A deadlock or serialization failure runs `work` again, so `work`
   * must do only database work.
   * @throws ConflictError or UnavailableError, by SQLSTATE
   * @throws every other error of `work`
   */
  async write<T>(viewer: Viewer, work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryOnContention(() =>
      this.withRunner(async (runner) => {
        await runner.startTransaction();
        try {
          await actAs(runner.manager, viewer);
          const result = await work(runner.manager);
          await runner.commitTransaction();
          return result;
        } catch (error) {
          if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
          throw error;
        }
      }),
    );
  }

  /** True if the database answers. */
  async isUp(): Promise<boolean> {
    return this.withRunner((runner) => runner.query("SELECT 1")).then(
      () => true,
      () => false,
    );
  }

  private async withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(runner);
    } catch (error) {
      throw translateError(error);
    } finally {
      await runner.release();
    }
  }
}

async function actAs(tx: Tx, viewer: Viewer): Promise<void> {
  await tx.query(SET_SCOPE, [viewer ?? "", ""]);
}

/**
 * Runs `work` with `viewer` as the viewer, then restores the viewer. One job writes rows of several
 * owners this way.
 */
export async function runAsUser(tx: Tx, viewer: Viewer, work: () => Promise<void>): Promise<void> {
  const [before] = await tx.query<{ viewer: string | null }[]>(
    "SELECT current_setting('app.user_id', true) AS viewer",
  );
  await actAs(tx, viewer);
  await work();
  await actAs(tx, before?.viewer ?? null);
}
