import { type Reader, listLoader, loaderByKey } from "../../platform/database/reading/loaders.js";
import type { SharedRows } from "../../platform/database/reading/shared-rows.js";
import type { StoryEntity, StoryTextEntity } from "./story.entity.js";
import { type StoryQuery, storyListStore } from "./story-list.store.js";
import { storyStore } from "./story.store.js";

/** Look-ups of stories and their texts, batched within one request. */
export const storyLoaders = (read: Reader, stories: SharedRows<StoryEntity>) => ({
  byId: loaderByKey<number, StoryEntity>(read, storyStore.byIds, ({ id }) => id),
  bySlug: loaderByKey<string, StoryEntity>(read, storyStore.bySlugs, ({ slug }) => slug),
  text: loaderByKey<string, StoryTextEntity>(
    read,
    storyStore.textsByHash,
    ({ contentHash }) => contentHash,
  ),
  publicPage: listLoader(read, (tx, query: StoryQuery) =>
    storyListStore.publicPage(tx, query, stories),
  ),
  publicCount: listLoader(read, storyListStore.publicCount),
  authoredPage: listLoader(read, storyListStore.authoredPage),
  authoredCount: listLoader(read, storyListStore.authoredCount),
});
