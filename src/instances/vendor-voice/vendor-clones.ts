import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import { vendorVoicesStore } from "./vendor-voices.store.js";

/** Queues the job that deletes the clone with this label at its vendor. */
export type EnqueueCleanup = (tx: Tx, label: string) => Promise<void>;

/** Makes clones unwanted, and queues their deletion. Labels without a clone are left out. */
export async function discardClones(
  tx: Tx,
  owner: Owner,
  labels: readonly (string | null)[],
  enqueueCleanup: EnqueueCleanup,
): Promise<void> {
  const known = labels.filter((label) => label !== null);
  if (known.length === 0) return;
  for (const label of await vendorVoicesStore.unwant(tx, owner, known)) {
    await enqueueCleanup(tx, label);
  }
}

/** Makes all clones of the owner unwanted, and queues their deletion. */
export async function discardAllClones(
  tx: Tx,
  owner: Owner,
  enqueueCleanup: EnqueueCleanup,
): Promise<void> {
  for (const label of await vendorVoicesStore.unwantAll(tx, owner)) await enqueueCleanup(tx, label);
}
