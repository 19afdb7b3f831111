import type { StorageSettings } from "../instances/index.js";
import { DiskStorage } from "../providers/storage/disk.js";
import { S3Storage } from "../providers/storage/s3.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";

/** Opens the storage in a thread. A thread receives settings, because a storage cannot be copied. */
export function storageOf(settings: StorageSettings): BlobStorage {
  return settings.kind === "disk" ? new DiskStorage(settings) : new S3Storage(settings);
}
