import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { userStore } from "../../../platform/users/user.store.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import { blobsInUse } from "../../blobs/owned-blobs.js";
import { forgetSuperseded } from "../../emotion-voice/training/forget-superseded.js";
import { type EnqueueCleanup, discardAllClones } from "../../vendor-voice/vendor-clones.js";
import { type Owner, ownerOf, serverScope } from "../../owner.js";
import { KEPT_AFTER_EXPIRY_MS } from "../../upload/upload.entity.js";
import { uploadStore } from "../../upload/upload.store.js";
import { renderStore } from "../render.store.js";
import type { SweepSoon } from "../../sweep-soon.js";
import { soundStore } from "./sound.store.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/**
 * A blob that was stored less than twelve hours ago is kept, even if no row refers to the blob. There are
 * two reasons. A client may still read a preview, because a signed URL is valid for up to two hours. A
 * try of a render stores blobs before it commits their rows, and may take four hours.
 */
const GRACE_MS = 12 * HOUR_MS;
/**
 * A rendition that no script uses is deleted at this age. A failed or cancelled render leaves such
 * renditions, and the next render of the narration can reuse them.
 */
const UNUSED_MS = 7 * DAY_MS;
/**
 * A temporary file that was last written before this time belongs to a put that died. A try of a render
 * takes at most four hours. A file of an upload arrives much faster.
 */
const DEAD_MS = 6 * HOUR_MS;

export interface SoundSweepDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  /** Queues the owner's next sweep, unless a sweep is already waiting. */
  readonly enqueue: (tx: Tx, owner: Owner) => Promise<void>;
  readonly enqueueAfterDeletion: SweepSoon;
  /** Queues the job that deletes a clone at its vendor. */
  readonly enqueueCleanup: EnqueueCleanup;
}

/**
 * Deletes an owner's sound that no row refers to: sound of deleted narrations, of earlier renders, of
 * previews, of uploads, and blobs stored before a crash. The sweep repeats while the owner has sound.
 */
export class SoundSweep {
  constructor(private readonly use: SoundSweepDependencies) {}

  /**
   * @param isAfterDeletion true deletes unused renditions as soon as they are not young. The owner may
   *   have deleted the narration that they were made for.
   */
  async run(userId: string, isAfterDeletion = false): Promise<string> {
    const { clock, storage } = this.use;
    const nowMs = clock.now().getTime();
    await storage.sweep(new Date(nowMs - DEAD_MS));
    const found = await this.forget(ownerOf(userId), nowMs, isAfterDeletion);
    if (!found) return "Swept nothing, because the owner no longer exists";
    const { publicId, used, unused, uploads } = found;
    const swept = await this.sweep(publicId, used, new Date(nowMs - GRACE_MS));
    const isUnfinished = isAfterDeletion && swept.kept > 0 && unused + swept.young > 0;
    // An upload may have left a temporary file that is still too young.
    await this.queueNext(ownerOf(userId), swept.kept, isUnfinished || uploads > 0);
    return `Swept the sound of user ${publicId}: ${swept.deleted} deleted, ${swept.kept} kept`;
  }

  /**
   * Deletes the unused renditions, and the uploads whose time is over. Returns the keys of the blobs in use,
   * and how many uploads there were. An erased owner uses no blobs.
   */
  private forget(owner: Owner, nowMs: number, isAfterDeletion: boolean) {
    return this.use.database.write(serverScope(owner), async (tx) => {
      const user = await userStore.evenErased(tx, owner.userId);
      if (!user) return null;
      const { publicId } = user;
      if (user.erasedAt) {
        const uploads = await uploadStore.removeAll(tx, owner);
        await discardAllClones(tx, owner, this.use.enqueueCleanup);
        return { publicId, used: new Set<string>(), unused: 0, uploads };
      }
      const uploads = await uploadStore.count(tx, owner);
      await uploadStore.forgetExpired(tx, owner, new Date(nowMs - KEPT_AFTER_EXPIRY_MS));
      // A render under way has renditions that no script uses yet.
      const isRendering = await renderStore.isAnyUnderWay(tx, owner);
      if (!isRendering) await forgetSuperseded(tx, owner, this.use.enqueueCleanup);
      const isPatient = !isAfterDeletion || isRendering;
      const ageMs = isPatient ? UNUSED_MS : GRACE_MS;
      await soundStore.forgetUnused(tx, owner, new Date(nowMs - ageMs));
      const used = await blobsInUse(tx, owner);
      const unused = await soundStore.countUnused(tx, owner);
      return { publicId, used, unused, uploads };
    });
  }

  private async queueNext(owner: Owner, kept: number, isSoon: boolean): Promise<void> {
    const { database, enqueue, enqueueAfterDeletion } = this.use;
    if (kept === 0 && !isSoon) return;
    await database.write(serverScope(owner), async (tx) => {
      if (kept > 0) await enqueue(tx, owner);
      if (isSoon) await enqueueAfterDeletion(tx, owner);
    });
  }

  private async sweep(ownerName: string, used: ReadonlySet<string>, olderThan: Date) {
    const { storage } = this.use;
    let kept = 0;
    let young = 0;
    let deleted = 0;
    for await (const key of storage.list(ownerName)) {
      // Read the age of the blob immediately before deleting it. If the same bytes were put again during
      // the sweep, the blob is young again and is kept.
      const found = used.has(key) ? null : await storage.stat(key);
      if (found && found.storedAt < olderThan) {
        await storage.delete(key);
        deleted += 1;
      } else {
        kept += 1;
        if (found) young += 1;
      }
    }
    return { kept, young, deleted };
  }
}
