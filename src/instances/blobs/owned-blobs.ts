import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { UnavailableError } from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import type { BlobStorage, PutOptions } from "../../providers/storage/storage.port.js";
import { editionStore, storyStore } from "../../reference/index.js";
import { type Owner, serverScope } from "../owner.js";
import { blobStore } from "./blob.store.js";

/**
 * Returns the keys of the owner's blobs that a row needs: an instance, an edition that the owner
 * published, or a story with a cover. With `among`, returns only those of these keys.
 */
export async function blobsInUse(
  tx: Tx,
  owner: Owner,
  among?: readonly string[],
): Promise<ReadonlySet<string>> {
  const instances = await blobStore.keys(tx, owner, among);
  const editions = await editionStore.blobKeys(tx, owner.userId);
  const covers = await storyStore.coverKeys(tx, owner.userId);
  return new Set([...instances, ...editions, ...covers]);
}

export interface OwnedBlobsDependencies {
  readonly database: Database;
  readonly storage: BlobStorage;
}

/** Deletes blobs of an owner at once. The sweep deletes the blobs that nobody deletes here. */
export class OwnedBlobs {
  constructor(private readonly use: OwnedBlobsDependencies) {}

  /**
   * Checks that a blob is still there. Call this under the lock of the owner, in the transaction that
   * stores the key in a row. Equal bytes are one blob, so `deleteUnused` may have deleted the blob after
   * the caller stored it.
   * @throws UnavailableError if the blob is gone; the caller stores the bytes again
   */
  async requireStored(key: string): Promise<void> {
    if (await this.isStored(key)) return;
    throw new UnavailableError("The file was not kept; send the file again.");
  }

  /** Returns true if the storage has the blob. */
  async isStored(key: string): Promise<boolean> {
    return (await this.use.storage.stat(key)) !== null;
  }

  /** Stores bytes of an owner. Returns their key. The caller calls `requireStored` later. */
  async put(bytes: Uint8Array, options: Required<PutOptions>): Promise<string> {
    return (await this.use.storage.put(bytes, options)).key;
  }

  /**
   * Deletes those of the owner's blobs that no row of the owner needs. Call this after the transaction
   * that deleted the rows. Equal bytes are one blob, so another row may still need the blob.
   *
   * The blobs are deleted under the lock of the owner. A row that takes a blob over calls
   * `requireStored` under the same lock. So no row keeps a blob that is deleted here.
   */
  async deleteUnused(owner: Owner, keys: readonly string[]): Promise<void> {
    // A shared blob belongs to everyone, so the rows of one owner cannot tell whether it is needed.
    const owned = keys.filter((key) => key.startsWith("owned/"));
    if (owned.length === 0) return;
    const { database, storage } = this.use;
    await database.write(serverScope(owner), async (tx) => {
      await userStore.lock(tx, owner.userId);
      const used = await blobsInUse(tx, owner, owned);
      for (const key of owned.filter((each) => !used.has(each))) await storage.delete(key);
    });
  }
}
