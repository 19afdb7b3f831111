import { type Reader, loaderByKey } from "../../platform/database/loaders.js";
import type { StoryEntity, StoryTextEntity, StoryVisibility } from "./story.entity.js";
import type { PageRequest } from "../../platform/database/keyset.js";
import { type StoryFilter, type StoryQuery, storyStore } from "./story.store.js";

/** Look-ups of stories and their texts, batched within one request. */
export const storyLoaders = (read: Reader) => ({
  byId: loaderByKey<number, StoryEntity>(read, storyStore.byIds, ({ id }) => id),
  bySlug: loaderByKey<string, StoryEntity>(read, storyStore.bySlugs, ({ slug }) => slug),
  text: loaderByKey<string, StoryTextEntity>(
    read,
    storyStore.textsByHash,
    ({ contentHash }) => contentHash,
  ),
  publicPage: (query: StoryQuery) => read((tx) => storyStore.publicPage(tx, query)),
  publicCount: (filter: StoryFilter) => read((tx) => storyStore.publicCount(tx, filter)),
  authoredPage: (authorId: string, visibilities: readonly StoryVisibility[], page: PageRequest) =>
    read((tx) => storyStore.authoredPage(tx, authorId, visibilities, page)),
  authoredCount: (authorId: string, visibilities: readonly StoryVisibility[]) =>
    read((tx) => storyStore.authoredCount(tx, authorId, visibilities)),
});
