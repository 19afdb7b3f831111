import { type Reader, listLoader, loaderByKey } from "../database/reading/loaders.js";
import type { PublicUser } from "./user.entity.js";
import { userStore } from "./user.store.js";

/** Loads users, in batches within one request. */
export const userLoaders = (read: Reader) => ({
  byId: loaderByKey<string, PublicUser>(read, userStore.byIds, ({ id }) => id),
  byPublicId: loaderByKey<string, PublicUser>(
    read,
    userStore.byPublicIds,
    ({ publicId }) => publicId,
  ),
  ownLanguage: listLoader<object, string | null>(read, userStore.ownLanguage),
});
export type UserLoaders = ReturnType<typeof userLoaders>;
