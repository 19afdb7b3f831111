import type { Tx } from "../platform/database/transactions/database.js";
import type { Owner } from "./owner.js";

/**
 * Queues a sweep of the owner's blobs. Within a day, the sweep deletes the blobs that no row refers to.
 * Call this in the transaction that deletes the rows.
 */
export type SweepSoon = (tx: Tx, owner: Owner) => Promise<void>;
