import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import { newLabel } from "./clone-label.js";
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

/** An emotion voice whose clone may have no label. */
interface EarlierVoice {
  readonly label: string | null;
  readonly provider: string;
  readonly providerVoiceId: string | null;
}

/**
 * Makes the clones of emotion voices unwanted that their owner deletes without having adopted them, and queues
 * their deletion.
 */
export async function discardEarlierClones(
  tx: Tx,
  owner: Owner,
  voices: readonly EarlierVoice[],
  enqueueCleanup: EnqueueCleanup,
): Promise<void> {
  for (const { label: known, provider, providerVoiceId: model } of voices) {
    if (known !== null || model === null) continue;
    const label = newLabel();
    await vendorVoicesStore.putUnwanted(tx, owner, { label, provider, model });
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
