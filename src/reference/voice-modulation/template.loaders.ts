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
import type { StoryEntity } from "../story/story.entity.js";
import type { TemplateEntity } from "./template.entity.js";
import { type OccurringTemplate, type TemplateFilter, templateStore } from "./template.store.js";

/** Look-ups of templates, batched within one request. */
export const templateLoaders = (read: Reader, templates: SharedRows<TemplateEntity>) => ({
  byId: loaderByKey<number, TemplateEntity>(
    read,
    (tx, ids) => templateStore.byIds(tx, ids, templates),
    ({ id }) => id,
  ),
  ofAnalysis: byArguments((list: TemplateFilter & { page: PageRequest }) =>
    pageLoader<number, OccurringTemplate>(read, (tx, ids) =>
      templateStore.pagesByAnalysis(tx, ids, list, templates),
    ),
  ),
  countOfAnalysis: byArguments((filter: TemplateFilter) =>
    countLoader<number>(read, (tx, ids) => templateStore.countsByAnalysis(tx, ids, filter)),
  ),
  stories: byArguments((page: PageRequest) =>
    pageLoader<number, StoryEntity>(read, (tx, ids) => templateStore.storyPages(tx, ids, page)),
  ),
  page: listLoader(read, (tx, list: TemplateFilter & { page: PageRequest }) =>
    templateStore.page(tx, list, templates),
  ),
  count: listLoader(read, templateStore.count),
  storyCount: countLoader<number>(read, templateStore.storyCounts),
  sourceStory: loaderByKey<number, StoryEntity & { readonly templateId: number }>(
    read,
    templateStore.sourceStories,
    ({ templateId }) => templateId,
  ),
});
