import type { Reader } from "../reading/loaders.js";
import type { Database } from "./database.js";
import type { ReadTransaction } from "./read-transaction.js";
import type { ReadScope } from "./scope.js";
import { canReadAgain } from "./sqlstate.js";
import { WaveCount } from "./wave-count.js";

/**
 * Returns the reader of one request. The first read opens a transaction, and the reads that follow use
 * the same transaction. The transaction ends as soon as the request has no read for one turn of the
 * event loop. Between two levels of a query there is no such turn, so a query needs one transaction. And
 * a request that waits for anything else holds no connection meanwhile.
 *
 * Reads that run at the same time are a wave. All reads of a wave return together, after the last one.
 * So the next level of a query is again one wave, and the number of waves and of batches depends on the
 * query alone, never on which answer came first. A read must not wait for another read of the request.
 *
 * If a statement fails, PostgreSQL refuses the other statements of the transaction. So the refused reads
 * run again, and each further read of the request has a transaction of its own.
 *
 * @param scope the request can add share tokens between two reads
 * @param waves counts the waves, and knows which is probably the last one
 */
export function requestReads(
  database: Database,
  scope: ReadScope,
  signal: AbortSignal,
  waves = new WaveCount(),
): Reader {
  const reads = new RequestReads(database, { scope, signal, waves });
  return (work) => reads.read(work);
}

type Work<T> = Parameters<typeof Database.prototype.read<T>>[1];

interface Request {
  readonly scope: ReadScope;
  readonly signal: AbortSignal;
  readonly waves: WaveCount;
}

class RequestReads {
  private current: Promise<ReadTransaction> | null = null;
  private wave = new Wave();
  /** Resolves when the previous transaction has given its connection back. */
  private ended: Promise<void> = Promise.resolve();
  private hasFailed = false;

  constructor(
    private readonly database: Database,
    private readonly request: Request,
  ) {}

  async read<T>(work: Work<T>): Promise<T> {
    if (this.hasFailed) return this.readApart(work);
    const { wave } = this;
    if (wave.isEmpty) this.request.waves.beginWave();
    wave.enter();
    try {
      return await this.readTogether(work);
    } catch (error) {
      if (!canReadAgain(error)) throw error;
    } finally {
      if (wave.leave()) this.endWave();
      await wave.over;
    }
    return this.readApart(work);
  }

  private async readTogether<T>(work: Work<T>): Promise<T> {
    const transaction = await (this.current ??= this.begin());
    try {
      return await transaction.run(work);
    } finally {
      this.hasFailed ||= transaction.hasFailed;
    }
  }

  /** Waits until the shared transaction has ended, because a request holds only one connection. */
  private async readApart<T>(work: Work<T>): Promise<T> {
    await this.ended;
    const { scope, signal } = this.request;
    return this.database.read(scope, work, signal);
  }

  private async begin(): Promise<ReadTransaction> {
    await this.ended;
    const { scope, signal, waves } = this.request;
    return this.database.beginRead(scope, signal, () => waves.isLast);
  }

  private endWave(): void {
    const next = new Wave();
    this.wave = next;
    if (this.hasFailed) this.endTransaction();
    else setImmediate(() => this.wave === next && next.isEmpty && this.endTransaction());
  }

  private endTransaction(): void {
    const { current } = this;
    this.current = null;
    if (!current) return;
    // A read reported the failure, or no read needs the transaction any more.
    this.ended = current.then((transaction) => transaction.end()).catch(() => undefined);
  }
}

/** Reads that run at the same time. */
class Wave {
  /** Resolves when the last read has left. */
  readonly over: Promise<undefined>;
  private readonly end: () => void;
  private running = 0;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.over = promise;
    this.end = () => {
      resolve(undefined);
    };
  }

  get isEmpty(): boolean {
    return this.running === 0;
  }

  enter(): void {
    this.running += 1;
  }

  /** Returns true if this read was the last one. */
  leave(): boolean {
    this.running -= 1;
    if (this.running === 0) this.end();
    return this.running === 0;
  }
}
