import type { DataSource, EntityManager } from "typeorm";
import { SPARE_CONNECTIONS } from "../connection/data-source.js";
import type { PooledClient } from "../connection/pooled-client.js";
import { Role, allowWrites, beginRead } from "../connection/settings.js";
import { type HeldConnection, ReadTransaction } from "./read-transaction.js";
import { type ReadScope, SET_VIEWER, type Scope, type Viewer, setScope } from "./scope.js";
import { retryOnContention, translateError } from "./sqlstate.js";
import { TurnQueue } from "./turn-queue.js";

/** A transaction in progress. Only stores call its methods. */
export type Tx = EntityManager;

export type { ReadScope, Scope, Viewer };

export interface DatabaseLimits {
  /** The longest time for one statement. After this time PostgreSQL stops the statement. */
  readonly statementTimeoutMs: number;
  /** How long PostgreSQL may take to begin a transaction. A connection that takes longer is dead. */
  readonly beginTimeoutMs: number;
  /** How long a transaction may wait for a connection. */
  readonly waitTimeoutMs: number;
  /** How many transactions may wait for a connection. */
  readonly maxWaiting: number;
}

/** The limits of transactions for which a client waits. */
const REQUEST_LIMITS: DatabaseLimits = {
  statementTimeoutMs: 5_000,
  beginTimeoutMs: 3_000,
  waitTimeoutMs: 10_000,
  maxWaiting: 1_000,
};

/**
 * The limits of the transactions of jobs. Two of the limits are longer than in REQUEST_LIMITS. No
 * client waits for a job, and a job stores a whole book at once.
 */
export const JOB_LIMITS: DatabaseLimits = {
  ...REQUEST_LIMITS,
  statementTimeoutMs: 60_000,
  waitTimeoutMs: 60_000,
};

export interface DatabaseOptions extends Partial<DatabaseLimits> {
  /** The role of every transaction. Default: the app's. */
  readonly role?: Role;
  /**
   * An address of the same database, without a pooler that shares sessions. Behind such a pooler,
   * the server stops statements through this address.
   */
  readonly directUrl?: string;
  /**
   * True if each connection has a session of its own, so that the session can keep prepared statements.
   * Default false.
   */
  readonly hasOwnSessions?: boolean;
}

/**
 * Runs short transactions. PostgreSQL itself knows the viewer of each transaction. Each transaction sets
 * its own role and settings, so it relies on nothing that a pooler or another client can change.
 * Transactions wait in order for a connection of the pool.
 */
export class Database {
  private readonly queue: TurnQueue;
  private readonly limits: DatabaseLimits;
  private readonly beginReading: string;
  private readonly allowWrites: string;
  private readonly directUrl: string | undefined;
  private readonly hasOwnSessions: boolean;
  private checking: Promise<boolean> | undefined;

  constructor(
    readonly dataSource: DataSource,
    { role = Role.App, directUrl, hasOwnSessions = false, ...limits }: DatabaseOptions = {},
  ) {
    this.limits = { ...REQUEST_LIMITS, ...limits };
    this.beginReading = beginRead(role);
    this.allowWrites = allowWrites(role);
    this.directUrl = directUrl;
    this.hasOwnSessions = hasOwnSessions;
    const { poolSize = 1 } = dataSource.options;
    this.queue = new TurnQueue({
      ...this.limits,
      turns: Math.max(1, poolSize - SPARE_CONNECTIONS),
    });
  }

  /**
   * Runs a read-only transaction. BEGIN, the scope and the first statement share one round trip. If
   * `signal` aborts, PostgreSQL stops the statement, and the connection is free again.
   * @throws UnauthenticatedError when the viewer is deactivated or erased.
   * @throws UnavailableError when the database does not answer or is too slow.
   * @throws OverloadedError when too many transactions wait, or this one waited too long.
   * @throws AbandonedError when `signal` aborts.
   */
  async read<T>(scope: ReadScope, work: (tx: Tx) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const transaction = await this.beginRead(scope, signal);
    const result = await transaction.run(work).catch(async (error: unknown) => {
      await transaction.end();
      throw error;
    });
    await transaction.end();
    return result;
  }

  /**
   * Begins a read-only transaction. The caller must end the transaction.
   * @param isLastTurn returns true if no statement will probably follow those of this turn of the event loop
   * @throws the errors of `read`
   */
  async beginRead(
    scope: ReadScope,
    signal?: AbortSignal,
    isLastTurn?: () => boolean,
  ): Promise<ReadTransaction> {
    return new ReadTransaction(await this.hold(signal), scope, {
      begin: this.beginReading,
      statements: {
        statementTimeoutMs: this.limits.statementTimeoutMs,
        keepsPlans: this.hasOwnSessions,
      },
      proveAlive: (client, answer) => this.proveAlive(client, answer),
      directUrl: this.directUrl,
      signal,
      // After COMMIT, a pooler can give the session away, and a request to stop a statement could come too late.
      isLastTurn: this.hasOwnSessions ? isLastTurn : undefined,
    });
  }

  /**
   * Runs a read-write transaction. After a deadlock or a serialization failure, `work` runs again.
   * So `work` must do only database work. If `signal` aborts before the transaction begins, the
   * transaction does not begin. A transaction that has begun continues.
   * @throws UnauthenticatedError, ConflictError, UnavailableError or OverloadedError
   * @throws every other error of `work`
   */
  async write<T>(
    who: Viewer | ReadScope,
    work: (tx: Tx) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const scope = typeof who === "object" && who !== null ? who : { viewer: who };
    return retryOnContention(() =>
      this.withConnection(async ({ runner, client }) => {
        await this.proveAlive(client, runner.startTransaction());
        try {
          await Promise.all([client.query(this.allowWrites), setScope(client, scope, this.limits)]);
          const result = await work(runner.manager);
          await runner.commitTransaction();
          return result;
        } catch (error) {
          if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
          throw error;
        }
      }, signal),
    );
  }

  /**
   * Resolves to true if the database answers. The check uses a spare connection, so it does not wait for
   * transactions. Simultaneous calls share one check.
   */
  isUp(): Promise<boolean> {
    this.checking ??= this.checkAnswer()
      .then(
        () => true,
        () => false,
      )
      .finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async checkAnswer(): Promise<void> {
    const held = await this.connect();
    try {
      await this.proveAlive(held.client, held.client.query("SELECT 1"));
    } finally {
      await held.release();
    }
  }

  /**
   * Waits for the answer to the first statement. Closes the connection if the answer takes longer
   * than `beginTimeoutMs`. The server of an idle connection can be gone without a notice.
   */
  private async proveAlive<T>(client: PooledClient, answer: Promise<T>): Promise<T> {
    const deadline = setTimeout(() => void client.destroy(), this.limits.beginTimeoutMs);
    try {
      return await answer;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Runs `work` with a connection of the pool. */
  private async withConnection<T>(
    work: (held: HeldConnection) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const held = await this.hold(signal);
    try {
      return await work(held);
    } catch (error) {
      throw translateError(error);
    } finally {
      await held.release();
    }
  }

  /** Waits for a turn, and takes a connection of the pool. */
  private async hold(signal?: AbortSignal): Promise<HeldConnection> {
    const endTurn = await this.queue.takeTurn(signal);
    try {
      const held = await this.connect();
      const release = (): Promise<void> => held.release().finally(endTurn);
      return { ...held, release };
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  /**
   * Takes a connection of the pool. `release` closes the connection if a statement or a transaction has
   * not ended, so that the next transaction never gets such a connection.
   */
  private async connect(): Promise<HeldConnection> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PooledClient;
      if (this.hasOwnSessions) client.prepareStatements();
      const release = async (): Promise<void> => {
        try {
          if (!client.isFree) await client.destroy();
        } finally {
          await runner.release();
        }
      };
      return { runner, client, release };
    } catch (error) {
      await runner.release();
      throw translateError(error);
    }
  }
}

async function actAs(tx: Tx, viewer: Viewer): Promise<void> {
  await tx.query(SET_VIEWER, [viewer ?? "", ""]);
}

/**
 * Runs `work` with `viewer` as the viewer of the transaction, and then restores the previous viewer.
 * A job that writes rows of several owners needs this function.
 */
export async function runAsUser(tx: Tx, viewer: Viewer, work: () => Promise<void>): Promise<void> {
  const [before] = await tx.query<{ viewer: string | null }[]>(
    "SELECT current_setting('app.user_id', true) AS viewer",
  );
  await actAs(tx, viewer);
  await work();
  await actAs(tx, before?.viewer ?? null);
}
