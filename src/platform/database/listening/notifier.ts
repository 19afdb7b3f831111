import type { Tx } from "../transactions/database.js";

/**
 * Notifications between processes. A transaction sends a notification, and listeners receive it
 * after the commit.
 */
export interface Notifier {
  /** Sends `payload` when `tx` commits. A payload contains only ids and has at most 8000 bytes. */
  notify(tx: Tx, channel: string, payload: string): Promise<void>;
  /**
   * Starts to listen at the moment of the call. Yields once for every notification of `channel` with
   * this `payload`. Also yields once after a lost connection comes back, because notifications may
   * have been missed. Ends when the consumer returns or the process stops.
   */
  listen(channel: string, payload: string): AsyncIterableIterator<void>;
}
