import { createHash } from "node:crypto";
import type { Tx } from "../../../platform/database/transactions/database.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import { type Rendition, renditionStore } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import type { PlannedSegment } from "../plan/plan.js";
import { userRenditionStore } from "./user-rendition.store.js";

type Planned = Pick<PlannedSegment, "recipeKey" | "isShared">;

/**
 * Finds the existing renditions of these segments, by recipe key. A segment that may be shared uses
 * only shared renditions. Every other segment uses only the owner's renditions.
 */
export async function findRenditions(
  tx: Tx,
  owner: Owner,
  segments: readonly Planned[],
): Promise<Map<string, Rendition>> {
  const keysOf = (isShared: boolean): string[] => [
    ...new Set(segments.filter((each) => each.isShared === isShared).map((each) => each.recipeKey)),
  ];
  const shared = await renditionStore.byKeys(tx, keysOf(true));
  const owned = await userRenditionStore.byKeys(tx, owner, keysOf(false));
  return new Map([...shared, ...owned].map((rendition) => [rendition.recipeKey, rendition]));
}

export async function putRendition(
  tx: Tx,
  owner: Owner,
  isShared: boolean,
  rendition: Rendition,
): Promise<void> {
  if (isShared) await renditionStore.put(tx, rendition);
  else await userRenditionStore.put(tx, owner, rendition);
}

/** Returns true if the stored sound is unchanged. The blob's key ends with the hash of its bytes. */
export async function isIntact(
  storage: BlobStorage,
  { blobKey, sizeBytes }: Pick<Rendition, "blobKey" | "sizeBytes">,
): Promise<boolean> {
  const found = await storage.stat(blobKey);
  if (String(found?.sizeBytes) !== sizeBytes) return false;
  const hash = createHash("sha256");
  const { stream } = await storage.open(blobKey);
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
  return blobKey.endsWith(hash.digest("hex"));
}

/** Removes renditions. A render makes removed renditions again. */
export async function removeRenditions(
  tx: Tx,
  owner: Owner,
  renditions: readonly Rendition[],
): Promise<void> {
  const recipeKeys = renditions.map(({ recipeKey }) => recipeKey);
  if (recipeKeys.length === 0) return;
  await renditionStore.remove(tx, recipeKeys);
  await userRenditionStore.remove(tx, owner, recipeKeys);
}
