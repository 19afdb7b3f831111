import {
  type Reader,
  byArguments,
  countLoader,
  listLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { PageRequest } from "../../platform/database/reading/keyset.js";
import type { SharedRows } from "../../platform/database/reading/shared-rows.js";
import type { StoryEntity, StoryTextEntity } from "./story.entity.js";
import type { StoryQuery } from "./listing/listed-stories.js";
import { storyListStore } from "./listing/story-list.store.js";
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
  publicPageByAuthor: byArguments((page: PageRequest) =>
    pageLoader<string, StoryEntity>(read, (tx, ids) =>
      storyListStore.publicPagesByAuthor(tx, ids, page, stories),
    ),
  ),
  publicCountByAuthor: countLoader<string>(read, storyListStore.publicCountsByAuthor),
  authoredPage: listLoader(read, storyListStore.authoredPage),
  authoredCount: listLoader(read, storyListStore.authoredCount),
});
