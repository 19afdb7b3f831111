import { type Reader, loaderByKey } from "../../platform/database/reading/loaders.js";
import type { Owner } from "../owner.js";
import type { UploadEntity } from "./upload.entity.js";
import { uploadStore } from "./upload.store.js";

/** One owner's uploads, batched within one request. */
export const uploadLoaders = (read: Reader, owner: Owner) => ({
  byId: loaderByKey<string, UploadEntity>(
    read,
    (tx, ids) => uploadStore.byIds(tx, owner, ids),
    ({ id }) => id,
  ),
});
