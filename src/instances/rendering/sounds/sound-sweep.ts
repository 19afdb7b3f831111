import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { userStore } from "../../../platform/users/user.store.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import { editionStore } from "../../../reference/index.js";
import { type Owner, ownerOf } from "../../owner.js";
import { soundStore } from "./sound.store.js";

const DAY_MS = 24 * 3_600_000;
/**
 * A blob that was stored less than two days ago is kept, even if no row refers to the blob. There are
 * two reasons. A client may still read the blob, because a signed URL is valid for up to two hours. A
 * render stores a blob before it commits the row of the blob, but never two days before.
 */
const GRACE_MS = 2 * DAY_MS;
/**
 * A rendition that no script uses is deleted at this age. A failed or cancelled render leaves such
 * renditions, and the next render of the narration can reuse them.
 */
const UNUSED_MS = 7 * DAY_MS;

export interface SoundSweepDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  /** Queues the owner's next sweep, unless a sweep is already waiting. */
  readonly enqueue: (tx: Tx, owner: Owner) => Promise<void>;
}

/**
 * Deletes an owner's sound that no row refers to: sound of deleted narrations, of earlier renders, of
 * previews, and blobs stored before a crash. The sweep repeats while the owner has sound.
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
    if (!user) return "Swept nothing, because the owner no longer exists";
    const { kept, deleted } = await this.sweep(user.publicId, used, new Date(nowMs - GRACE_MS));
    if (kept > 0) await database.write(userId, (tx) => enqueue(tx, owner));
    return `Swept the sound of user ${user.publicId}: ${deleted} deleted, ${kept} kept`;
  }

  private async sweep(ownerName: string, used: ReadonlySet<string>, olderThan: Date) {
    const { storage } = this.use;
    let kept = 0;
    let deleted = 0;
    for await (const key of storage.list(ownerName)) {
      // Read the age of the blob immediately before deleting it. If the same bytes were put again during
      // the sweep, the blob is young again and is kept.
      const found = used.has(key) ? null : await storage.stat(key);
      if (found && found.storedAt < olderThan) {
        await storage.delete(key);
        deleted += 1;
      } else kept += 1;
    }
    return { kept, deleted };
  }
}
