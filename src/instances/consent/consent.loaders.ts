import { type Reader, listLoader } from "../../platform/database/reading/loaders.js";
import type { Owner } from "../owner.js";
import { consentStore } from "./consent.store.js";

/** One owner's consent, for one request. */
export const consentLoaders = (read: Reader, owner: Owner) => ({
  live: listLoader(read, (tx) => consentStore.live(tx, owner)),
});
