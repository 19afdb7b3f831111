import { requestCancel } from "./cancel-request.js";
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
   * True if no statement runs and no transaction is open. If false, no other caller may use the
   * connection.
   */
  get isFree(): boolean {
    return !this.isWaiting && this.getTransactionStatus() === "I";
  }

  /**
   * Stops the running statement. When the promise resolves, the request to stop cannot stop a later
   * statement.
   */
  async cancelStatement(): Promise<void> {
    const { host, port, ssl } = this;
    const { processID, secretKey } = this.internals;
    const backend = { host, port, ssl, processID, secretKey };
    if (!(await requestCancel(backend, CANCEL_TIMEOUT_MS))) await this.destroy();
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
