import { type Reader, loaderByKey } from "../database/loaders.js";
import type { UserEntity } from "./user.entity.js";
import { userStore } from "./user.store.js";

/** Loads users, in batches within one request. */
export const userLoaders = (read: Reader) => ({
  byId: loaderByKey<string, UserEntity>(read, userStore.byIds, ({ id }) => id),
  byPublicId: loaderByKey<string, UserEntity>(
    read,
    userStore.byPublicIds,
    ({ publicId }) => publicId,
  ),
});
export type UserLoaders = ReturnType<typeof userLoaders>;
