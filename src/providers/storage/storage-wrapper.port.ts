import type { Database } from "../../platform/database/transactions/database.js";
import type { BlobStorage } from "./storage.port.js";

/** Returns a storage that also has blobs which are not in `inner` yet. `database` knows where they are. */
export type StorageWrapper = (inner: BlobStorage, database: Database) => BlobStorage;
