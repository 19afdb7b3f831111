import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import type { CloningProvider } from "../../providers/speech/cloning.port.js";
import { ownerOf, serverScope } from "../owner.js";
import { type KeptVoice, keptVoicesStore } from "./kept-voices.store.js";

/**
 * How long a row stays after its clone was deleted for the first time. A training may still wait for its
 * vendor, or the vendor may still work for a training that was killed. The second job deletes the clone of
 * such a training.
 */
const LATE_CLONES_MS = 3_600_000;

export interface VendorVoiceDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** All providers that make voices. Only those with clones at a vendor matter here. */
  readonly cloning: readonly CloningProvider[];
  /** Queues the deletion of a clone for a later time. */
  readonly enqueueLater: (tx: Tx, label: string, seconds?: number) => Promise<void>;
  /** Returns the payloads for which no job waits or runs. */
  readonly findWithoutJob: (
    orders: readonly { readonly label: string }[],
  ) => Promise<{ readonly label: string }[]>;
}

/** Deletes the clones that nobody wants any more at their vendors. */
export class VendorVoiceCleanup {
  constructor(private readonly use: VendorVoiceDependencies) {}

  /**
   * The job of one clone. Returns a line for the log. Safe to run twice.
   * @throws ProviderError if the vendor fails
   */
  async run(label: string, signal = new AbortController().signal): Promise<string> {
    const { database, cloning } = this.use;
    const voice = await database.read({ viewer: null }, (tx) => keptVoicesStore.byLabel(tx, label));
    if (!voice) return `Clone ${label} is deleted already`;
    if (voice.isWanted) return `Clone ${label} is still wanted`;
    const provider = cloning.find(({ id, isRemote }) => isRemote && id === voice.provider);
    if (!provider) return `Clone ${label} stays until its vendor ${voice.provider} is configured`;
    const owner = ownerOf(voice.userId);
    const isShared = await database.read(serverScope(owner), (tx) =>
      keptVoicesStore.isShared(tx, owner, voice),
    );
    await provider.remove(isShared ? { label, model: null } : voice, signal);
    return this.forget(voice);
  }

  /**
   * Queues the deletion of unwanted clones that lost their jobs, or whose jobs failed. Returns how many.
   * Leaves out vendors that this process does not know.
   */
  async requeue(): Promise<number> {
    const { database, cloning, findWithoutJob, enqueueLater } = this.use;
    const vendors = cloning.filter(({ isRemote }) => isRemote).map(({ id }) => id);
    if (vendors.length === 0) return 0;
    const labels = await database.read({ viewer: null }, (tx) =>
      keptVoicesStore.unwanted(tx, vendors),
    );
    const lost = await findWithoutJob(labels.map((label) => ({ label })));
    for (const { label } of lost) await database.write(null, (tx) => enqueueLater(tx, label));
    return lost.length;
  }

  private forget(voice: KeptVoice): Promise<string> {
    const { database, clock, enqueueLater } = this.use;
    const { label, userId, createdAt } = voice;
    const ageMs = clock.now().getTime() - createdAt.getTime();
    const owner = ownerOf(userId);
    return database.write(serverScope(owner), async (tx) => {
      if (ageMs < LATE_CLONES_MS) {
        await enqueueLater(tx, label, LATE_CLONES_MS / 1000);
        return `Deleted clone ${label}, and will look for a late one in an hour`;
      }
      const isRemoved = await keptVoicesStore.remove(tx, owner, voice);
      return isRemoved ? `Deleted clone ${label}` : `Clone ${label} changed during its deletion`;
    });
  }
}
