import { type RunningTransaction, cancelTransaction, requestCancel } from "./cancel-request.js";
import { MeteredClient } from "./metered-client.js";

const CANCEL_TIMEOUT_MS = 1_000;

// Fields of pg's Client that are missing in pg's types.
interface ClientInternals {
  readonly processID: number;
  readonly secretKey: number;
  readonly _ended: boolean;
}

/**
 * A connection of the pool. Its user can stop the running statement, and can close a connection
 * that must not be used again.
 */
export class PooledClient extends MeteredClient {
  /**
   * True if no statement runs and no transaction is open. If false, no other caller is allowed to
   * use the connection.
   */
  get isFree(): boolean {
    return !this.isWaiting && this.getTransactionStatus() === "I";
  }

  /**
   * Stops the statement that `transaction` runs. After the promise has resolved, the request cannot
   * stop a later statement.
   * @param directUrl the address of PostgreSQL without a pooler that shares sessions
   */
  async cancelStatement(transaction: RunningTransaction, directUrl?: string): Promise<void> {
    const { host, port, ssl } = this;
    const { processID, secretKey } = this.internals;
    if (processID === transaction.pid) {
      const backend = { host, port, ssl, processID, secretKey };
      if (!(await requestCancel(backend, CANCEL_TIMEOUT_MS))) await this.destroy();
      return;
    }
    // A pooler runs the transaction in another process than `processID`. The pooler invented the key,
    // or the key belongs to a session that can serve another client now. If there is no direct address,
    // the statement runs until its timeout.
    if (directUrl) await cancelTransaction(directUrl, transaction, CANCEL_TIMEOUT_MS);
  }

  /** Closes the socket and sends nothing to PostgreSQL, because PostgreSQL may not answer. */
  async destroy(): Promise<void> {
    if (this.internals._ended) return;
    // Do not use events.once here: it rejects on "error", and the client also emits the loss of its
    // connection as an error.
    const ended = new Promise<void>((resolve) => this.once("end", resolve));
    this.connection.stream.destroy();
    await ended;
  }

  private get internals(): ClientInternals {
    return this as unknown as ClientInternals;
  }
}
