import type { Reader } from "../reading/loaders.js";
import type { Database } from "./database.js";
import type { ReadTransaction } from "./read-transaction.js";
import type { ReadScope } from "./scope.js";
import { canReadAgain } from "./sqlstate.js";

/**
 * Returns the reader of one request. The first read opens a transaction, and the reads that follow use
 * the same transaction. The transaction ends as soon as the request has no read for one turn of the
 * event loop. Between two levels of a query there is no such turn, so a query needs one transaction. And
 * a request that waits for anything else holds no connection meanwhile.
 *
 * If a statement fails, PostgreSQL refuses the other statements of the transaction. So the refused reads
 * run again, and each further read of the request has a transaction of its own.
 *
 * @param scope the request can add share tokens between two reads
 */
export function requestReads(database: Database, scope: ReadScope, signal: AbortSignal): Reader {
  const reads = new RequestReads(database, scope, signal);
  return (work) => reads.read(work);
}

class RequestReads {
  private current: Promise<ReadTransaction> | null = null;
  /** The number of reads that use `current`. */
  private running = 0;
  /** Resolves when the previous transaction has given its connection back. */
  private ended: Promise<void> = Promise.resolve();
  private hasFailed = false;

  constructor(
    private readonly database: Database,
    private readonly scope: ReadScope,
    private readonly signal: AbortSignal,
  ) {}

  async read<T>(work: Parameters<typeof this.database.read<T>>[1]): Promise<T> {
    if (this.hasFailed) return this.readApart(work);
    this.running += 1;
    try {
      const transaction = await (this.current ??= this.begin());
      try {
        return await transaction.run(work);
      } finally {
        this.hasFailed ||= transaction.hasFailed;
      }
    } catch (error) {
      if (!canReadAgain(error)) throw error;
    } finally {
      this.running -= 1;
      this.endWhenIdle();
    }
    return this.readApart(work);
  }

  /** Waits until the shared transaction has ended, because a request holds only one connection. */
  private async readApart<T>(work: Parameters<typeof this.database.read<T>>[1]): Promise<T> {
    await this.ended;
    return this.database.read(this.scope, work, this.signal);
  }

  private async begin(): Promise<ReadTransaction> {
    await this.ended;
    return this.database.beginRead(this.scope, this.signal);
  }

  private endWhenIdle(): void {
    if (this.running > 0) return;
    if (this.hasFailed) this.end();
    else setImmediate(() => this.running === 0 && this.end());
  }

  private end(): void {
    const { current } = this;
    this.current = null;
    if (!current) return;
    // A read reported the failure, or no read needs the transaction any more.
    this.ended = current.then((transaction) => transaction.end()).catch(() => undefined);
  }
}
