import type { IdKey } from "../../platform/ids/id-key.store.js";
import { Seal } from "../../platform/ids/seal.js";
import { GlobalIds } from "./global-ids.js";

interface PublicNames {
  readonly ids: GlobalIds;
  readonly cursors: Seal;
}

let known: PublicNames | undefined;

/**
 * Sets the key of this process, before the first id is made. Each process serves one database, so it has one key,
 * and the composition root reads the key when it starts.
 *
 * A variable of the module, because ids are made in every resolver, in the paths of errors, in the pages of the
 * playground and in the command line. A parameter through all of these would say nothing: there is no second
 * value. The key never changes, so nobody can see an old one.
 */
export function useIdKey(key: IdKey): void {
  known = { ids: new GlobalIds(key), cursors: new Seal(key.key, "cursor") };
}

/** @throws Error before `useIdKey` */
export function publicNames(): PublicNames {
  if (!known) throw new Error("Ids need the key of the database: call useIdKey first.");
  return known;
}
