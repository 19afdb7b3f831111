import { ProviderError } from "../../platform/errors.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { CloningProvider } from "../../providers/speech/cloning.port.js";
import { ownerOf, serverScope } from "../owner.js";
import { type KeptVoice, keptVoicesStore } from "./kept-voices.store.js";
import type { VendorVoiceDependencies } from "./vendor-voice-cleanup.js";

/**
 * A clone without an emotion voice is left alone for this time. No training takes as long, with all its
 * retries.
 */
const UNUSED_MS = 24 * 3_600_000;

export interface VendorVoiceSweepDependencies extends Pick<
  VendorVoiceDependencies,
  "database" | "clock" | "cloning"
> {
  /** Queues the deletion of a clone. */
  readonly enqueue: (tx: Tx, label: string) => Promise<void>;
}

/**
 * Deletes clones that no other job finds: clones without an emotion voice, and clones without a row, for
 * example after a backup of the database was restored.
 */
export class VendorVoiceSweep {
  constructor(private readonly use: VendorVoiceSweepDependencies) {}

  /** @throws ProviderError if the vendor fails */
  async run(providerId: string, signal = new AbortController().signal): Promise<string> {
    const provider = this.use.cloning.find(({ id }) => id === providerId);
    if (!provider?.isRemote) return `Swept no clones, because ${providerId} is not configured`;
    const unused = await this.unwantUnused(providerId);
    const unknown = await this.removeUnknown(provider, signal);
    return `Swept the clones at ${providerId}: ${unused} without an emotion voice, ${unknown} without a row`;
  }

  private async unwantUnused(provider: string): Promise<number> {
    const { database, clock, enqueue } = this.use;
    const before = new Date(clock.now().getTime() - UNUSED_MS);
    const old = await database.read({ viewer: null }, (tx) =>
      keptVoicesStore.wantedBefore(tx, provider, before),
    );
    let count = 0;
    for (const [userId, voices] of byOwner(old)) {
      const owner = ownerOf(userId);
      const labels = voices.map(({ label }) => label);
      count += await database.write(serverScope(owner), async (tx) => {
        const unwanted = await keptVoicesStore.unwantUnused(tx, owner, labels);
        for (const label of unwanted) await enqueue(tx, label);
        return unwanted.length;
      });
    }
    return count;
  }

  /**
   * Reads the rows after the vendor's list. A row is written before the vendor is asked, so a clone in the
   * list either has a row, or had a row that a job removed.
   */
  private async removeUnknown(provider: CloningProvider, signal: AbortSignal): Promise<number> {
    const labels = await listLabels(provider, signal);
    const listed = await this.use.database.read({ viewer: null }, (tx) =>
      keptVoicesStore.listed(tx, labels),
    );
    const unknown = labels.filter((label) => !listed.has(label));
    for (const label of unknown) await provider.remove({ label, model: null }, signal);
    return unknown.length;
  }
}

function listLabels(provider: CloningProvider, signal: AbortSignal): Promise<readonly string[]> {
  if (provider.listLabels) return provider.listLabels(signal);
  throw new ProviderError(`${provider.id} keeps clones, but cannot list them.`, false);
}

function byOwner(voices: readonly KeptVoice[]): ReadonlyMap<string, readonly KeptVoice[]> {
  const found = new Map<string, KeptVoice[]>();
  for (const voice of voices) found.set(voice.userId, [...(found.get(voice.userId) ?? []), voice]);
  return found;
}
