import type { Tx } from "./database.js";

/** News between processes: sent in a transaction, heard when it commits. */
export interface Notifier {
  /** Sends `payload` (at most 8000 bytes, ids only) when `tx` commits. */
  notify(tx: Tx, channel: string, payload: string): Promise<void>;
  /**
   * Listens from the moment of the call. Yields once for every notification of `channel` that
   * carries `payload`, and once after a lost connection came back, because news may have been
   * missed. Ends when the consumer returns or the process stops.
   */
  listen(channel: string, payload: string): AsyncIterableIterator<void>;
}
