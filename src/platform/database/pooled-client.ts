import { requestCancel } from "./cancel-request.js";
import { MeteredClient } from "./metered-client.js";

const CANCEL_TIMEOUT_MS = 1_000;

// Fields of pg's Client that its types leave out.
interface ClientInternals {
  readonly processID: number;
  readonly secretKey: number;
  readonly _ended: boolean;
}

/** A client of the pool. Its holder can stop its statement, and can end a connection that is unfit. */
export class PooledClient extends MeteredClient {
  /** True if no statement runs and no transaction is open. Only then may another caller have it. */
  get isFree(): boolean {
    return !this.isWaiting && this.getTransactionStatus() === "I";
  }

  /** Stops the running statement. Afterwards no later statement can meet the request to stop. */
  async cancelStatement(): Promise<void> {
    const { host, port, ssl } = this;
    const { processID, secretKey } = this.internals;
    const backend = { host, port, ssl, processID, secretKey };
    if (!(await requestCancel(backend, CANCEL_TIMEOUT_MS))) await this.destroy();
  }

  /** Closes the socket without a word to PostgreSQL, because PostgreSQL may not answer. */
  async destroy(): Promise<void> {
    if (this.internals._ended) return;
    // Not events.once: the client also emits the loss of its connection as an error.
    const ended = new Promise<void>((resolve) => this.once("end", resolve));
    this.connection.stream.destroy();
    await ended;
  }

  private get internals(): ClientInternals {
    return this as unknown as ClientInternals;
  }
}
