import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/database.js";
import { userStore } from "../../../platform/users/user.store.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import { editionStore } from "../../../reference/index.js";
import { type Owner, ownerOf } from "../../owner.js";
import { soundStore } from "./sound.store.js";

const DAY_MS = 24 * 3_600_000;
/** Signed URLs live for two hours; a render puts its first blob days before it commits its last only if it is stuck. */
const GRACE_MS = 2 * DAY_MS;
/** Of renditions: what a failed or cancelled render made is no script's yet, and its owner may come back. */
const UNUSED_MS = 7 * DAY_MS;

export interface SoundSweepDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  /** Queues the owner's next sweep, unless one waits already. */
  readonly enqueue: (tx: Tx, owner: Owner) => Promise<void>;
}

/**
 * Deletes an owner's sound that no row refers to: of deleted narrations, of earlier renders, previews,
 * and what was put before a crash. Comes again while the owner has sound.
 */
export class SoundSweep {
  constructor(private readonly use: SoundSweepDependencies) {}

  async run(userId: string): Promise<string> {
    const { database, clock, storage, enqueue } = this.use;
    const owner = ownerOf(userId);
    const nowMs = clock.now().getTime();
    await storage.sweep(new Date(nowMs - DAY_MS));
    const { user, used } = await database.write(userId, async (tx) => {
      await soundStore.forgetUnused(tx, owner, new Date(nowMs - UNUSED_MS));
      const [found] = await userStore.byIds(tx, [userId]);
      const instances = await soundStore.blobKeys(tx, owner);
      const editions = await editionStore.blobKeys(tx, userId);
      return { user: found, used: new Set([...instances, ...editions]) };
    });
    if (!user) return "Swept nothing: the owner is gone";
    const { kept, deleted } = await this.sweep(user.publicId, used, new Date(nowMs - GRACE_MS));
    if (kept > 0) await database.write(userId, (tx) => enqueue(tx, owner));
    return `Swept the sound of user ${user.publicId}: ${deleted} deleted, ${kept} kept`;
  }

  private async sweep(ownerName: string, used: ReadonlySet<string>, olderThan: Date) {
    const { storage } = this.use;
    let kept = 0;
    let deleted = 0;
    for await (const key of storage.list(ownerName)) {
      // Looked at last of all: whoever puts the same bytes meanwhile makes the blob young.
      const found = used.has(key) ? null : await storage.stat(key);
      if (found && found.storedAt < olderThan) {
        await storage.delete(key);
        deleted += 1;
      } else kept += 1;
    }
    return { kept, deleted };
  }
}
