import { type Reader, loaderByKey } from "../../platform/database/reading/loaders.js";
import { type Rendition, renditionStore } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type { RenderEntity } from "./rendering.entity.js";
import { type RenderedScript, lineStore } from "./lines.store.js";
import { renderStore } from "./render.store.js";
import { userRenditionStore } from "./sounds/user-rendition.store.js";

/** One owner's renders, batched within one request. */
export const renderingLoaders = (read: Reader, owner: Owner) => ({
  /** Loads a rendition by its recipe key: a shared rendition or the owner's rendition. */
  rendition: loaderByKey<string, Rendition>(
    read,
    async (tx, recipeKeys) => [
      ...(await renditionStore.byKeys(tx, recipeKeys)),
      ...(await userRenditionStore.byKeys(tx, owner, recipeKeys)),
    ],
    ({ recipeKey }) => recipeKey,
  ),
  /** Loads what decides whether the lines of a narration are stale. */
  renderedLines: loaderByKey<string, RenderedScript>(
    read,
    (tx, narrationIds) => lineStore.rendered(tx, owner, narrationIds),
    ({ narrationId }) => narrationId,
  ),
  recent: (since: Date) => read((tx) => renderStore.recent(tx, owner, since)),
  latest: loaderByKey<string, RenderEntity>(
    read,
    (tx, narrationIds) => renderStore.latest(tx, owner, narrationIds),
    ({ narrationId }) => narrationId,
  ),
});
export type RenderingLoaders = ReturnType<typeof renderingLoaders>;
