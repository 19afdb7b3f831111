import type { EntityManager, QueryRunner } from "typeorm";
import { AbandonedError, FabulaError } from "../../errors.js";
import type { RunningTransaction } from "../connection/cancel-request.js";
import type { PooledClient } from "../connection/pooled-client.js";
import { ReadingTx } from "./reading-tx.js";
import { type ReadScope, type StatementOptions, presentShareTokens, setScope } from "./scope.js";
import { isRefusedAfterFailure, translateError } from "./sqlstate.js";

/** A connection of the pool, until its user gives it back. */
export interface HeldConnection {
  readonly client: PooledClient;
  readonly runner: QueryRunner;
  /** Gives the connection back. Closes the connection if a statement or a transaction has not ended. */
  release(): Promise<void>;
}

export interface ReadOptions {
  /** The statement that begins a read-only transaction of a role. */
  readonly begin: string;
  readonly statements: StatementOptions;
  /** Waits for the first answer of the connection. Closes the connection if the answer is late. */
  readonly proveAlive: <T>(client: PooledClient, answer: Promise<T>) => Promise<T>;
  readonly signal?: AbortSignal | undefined;
  /**
   * Returns true if no statement will probably follow the statements of this turn of the event loop.
   * Leave this out if a pooler may share the session.
   */
  readonly isLastTurn?: (() => boolean) | undefined;
  /** The address of PostgreSQL without a pooler that shares sessions. */
  readonly directUrl?: string | undefined;
}

/**
 * A read-only transaction of one viewer on one connection. The constructor sends BEGIN and the scope, and
 * does not wait for the answer. The statements of one turn of the event loop leave in one write, because
 * each write wakes PostgreSQL. So BEGIN, the scope and the first statements share one round trip, and COMMIT
 * shares the last one. If a statement follows nevertheless, another transaction begins with it. If the signal
 * aborts, PostgreSQL stops the running statement.
 */
export class ReadTransaction {
  private opened: Promise<RunningTransaction | null>;
  /** The answer to COMMIT, as soon as COMMIT was sent. */
  private committed: Promise<unknown> | null = null;
  private readonly stopping: Stopping;
  private readonly tx: ReadingTx;
  private tokenCount = 0;
  private isCorked = false;
  private failed = false;
  private hasEnded = false;

  constructor(
    private readonly held: HeldConnection,
    private readonly scope: ReadScope,
    private readonly options: ReadOptions,
  ) {
    const { client, runner } = held;
    this.opened = options.proveAlive(client, this.begin());
    this.opened.catch(() => undefined);
    this.tx = new ReadingTx(runner, () => this.client());
    // All transactions on this connection have the same process. The BEGIN of a later one can wait for the
    // statement to stop.
    const { opened } = this;
    this.stopping = onAbort(options.signal, async () => {
      const transaction = await opened.catch(() => null);
      if (transaction) await client.cancelStatement(transaction, options.directUrl);
    });
  }

  /** True after a failure. PostgreSQL refuses the further statements of this transaction. */
  get hasFailed(): boolean {
    return this.failed;
  }

  /**
   * Runs `work`. Several works can run at the same time. Share tokens that the scope got in the meantime
   * are valid for the statements of `work`.
   */
  async run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      const presented = this.presentNewTokens();
      const working = Promise.all([work(this.tx), this.opened, presented]);
      const [result] = await Promise.race([working, this.stopping.aborted]);
      return result;
    } catch (failure) {
      const error = await this.causeOf(failure);
      this.failed ||= !(error instanceof FabulaError);
      throw this.options.signal?.aborted
        ? new AbandonedError({ cause: error })
        : translateError(error);
    }
  }

  /** Ends the transaction and gives the connection back. Call this after all works have ended. */
  async end(): Promise<void> {
    this.hasEnded = true;
    try {
      // After COMMIT, a pooler can give the session to another client. A request to stop the statement
      // must have ended before, because the request could stop a statement of that client.
      await this.stopping.settle();
      if (!this.failed) await (this.committed ?? this.held.client.query("COMMIT"));
      else
        await Promise.allSettled([
          this.opened,
          this.committed ?? this.held.client.query("ROLLBACK"),
        ]);
    } catch (error) {
      throw translateError(error);
    } finally {
      await this.held.release();
    }
  }

  /** If PostgreSQL did not open the transaction, its reason is the cause of every other refusal. */
  private causeOf(failure: unknown): Promise<unknown> {
    if (!isRefusedAfterFailure(failure)) return Promise.resolve(failure);
    return this.opened.then(
      () => failure,
      (reason: unknown) => reason,
    );
  }

  private begin(): Promise<RunningTransaction | null> {
    this.corkForThisTurn();
    const opened = this.open();
    opened.catch(() => undefined);
    return opened;
  }

  private async open(): Promise<RunningTransaction | null> {
    const { client } = this.held;
    const { begin, statements } = this.options;
    this.tokenCount = this.scope.shareTokenHashes?.length ?? 0;
    const [, transaction] = await Promise.all([
      client.query(begin),
      setScope(client, this.scope, statements),
    ]);
    return transaction;
  }

  /** Begins another transaction if COMMIT was sent. */
  private client(): PooledClient {
    // After the end, the connection belongs to another viewer.
    if (this.hasEnded) throw new Error("The transaction of this statement has ended.");
    if (this.committed) {
      this.committed = null;
      // The connection is alive, but BEGIN can wait for a slow statement of the wave.
      this.opened = this.begin();
    }
    this.corkForThisTurn();
    return this.held.client;
  }

  private corkForThisTurn(): void {
    if (this.isCorked) return;
    const { stream } = this.held.client.connection;
    this.isCorked = true;
    stream.cork();
    setImmediate(() => {
      this.isCorked = false;
      if (!this.hasEnded && this.options.isLastTurn?.()) this.commit();
      stream.uncork();
    });
  }

  private commit(): void {
    this.committed ??= this.held.client.query("COMMIT");
    // `end` reports a failure.
    this.committed.catch(() => undefined);
  }

  private presentNewTokens(): Promise<void> | undefined {
    const { shareTokenHashes = [] } = this.scope;
    if (shareTokenHashes.length === this.tokenCount) return undefined;
    this.tokenCount = shareTokenHashes.length;
    return presentShareTokens(this.client(), shareTokenHashes);
  }
}

interface Stopping {
  /** Rejects when the signal aborts. */
  readonly aborted: Promise<never>;
  /** Removes the listener. If the signal aborted, also waits until `stop` has ended. */
  readonly settle: () => Promise<void>;
}

/** Calls `stop` when `signal` aborts. */
function onAbort(signal: AbortSignal | undefined, stop: () => Promise<void>): Stopping {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  let stopping: Promise<void> | undefined;
  const abort = (): void => {
    stopping = stop();
    reject(new AbandonedError());
  };
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort);
  return {
    aborted: promise,
    settle: async () => {
      signal?.removeEventListener("abort", abort);
      await stopping;
    },
  };
}
