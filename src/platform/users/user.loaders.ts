import { type Reader, loaderByKey } from "../database/loaders.js";
import type { UserEntity } from "./user.entity.js";
import { userStore } from "./user.store.js";

/** Look-ups of users, batched within one request. */
export const userLoaders = (read: Reader) => ({
  byId: loaderByKey<string, UserEntity>(read, userStore.byIds, ({ id }) => id),
  byPublicId: loaderByKey<string, UserEntity>(
    read,
    userStore.byPublicIds,
    ({ publicId }) => publicId,
  ),
});
export type UserLoaders = ReturnType<typeof userLoaders>;
