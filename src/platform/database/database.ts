import type { DataSource, EntityManager, QueryRunner } from "typeorm";
import { retryOnContention, translateError } from "./sqlstate.js";

/** A transaction in progress. Only stores call its methods. */
export type Tx = EntityManager;

/** Whose rows a transaction may see: a user's id, or null for reference data alone. */
export type Viewer = string | null;

/** What row-level security is told at the start of a transaction. */
export interface ReadScope {
  readonly viewer: Viewer;
  /** Hashes of the share links presented: each opens the one unlisted edition that carries it. */
  readonly shareTokenHashes?: readonly string[];
}

interface RawClient {
  query(sql: string, values?: readonly unknown[]): Promise<unknown>;
}

const SET_SCOPE =
  "SELECT set_config('app.user_id', $1, true), set_config('app.share_token_hashes', $2, true)";

/** Short transactions in which PostgreSQL itself knows who is asking. */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /**
   * A read-only transaction. BEGIN, the scope and the first statement share one round trip.
   * @throws UnavailableError when the database is away or too slow.
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
   * A read-write transaction. Deadlocks and serialization failures are tried again, so `work`
   * must do nothing but database work.
   * @throws ConflictError, UnavailableError by SQLSTATE; whatever `work` throws.
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

  /** Whether the database answers at all. */
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

/** Does `work` with the eyes of another user: for the one job that writes rows of several owners. */
export async function runAsUser(tx: Tx, viewer: Viewer, work: () => Promise<void>): Promise<void> {
  const [before] = await tx.query<{ viewer: string | null }[]>(
    "SELECT current_setting('app.user_id', true) AS viewer",
  );
  await actAs(tx, viewer);
  await work();
  await actAs(tx, before?.viewer ?? null);
}
