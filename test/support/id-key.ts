import type { IdKey } from "../../src/platform/ids/id-key.store.js";

/** A key of ids, for tests without a database. */
export const testIdKey = (lastPlain: IdKey["lastPlain"] = {}): IdKey => ({
  key: Buffer.alloc(32, "a key of the tests"),
  lastPlain,
});
