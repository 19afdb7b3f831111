import {
  type Reader,
  byArguments,
  countLoader,
  listLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { PageRequest } from "../../platform/database/reading/keyset.js";
import type { StoryEntity } from "../story/story.entity.js";
import type { TemplateEntity } from "./template.entity.js";
import { type OccurringTemplate, type TemplateFilter, templateStore } from "./template.store.js";

/** Look-ups of templates, batched within one request. */
export const templateLoaders = (read: Reader) => ({
  byId: loaderByKey<number, TemplateEntity>(read, templateStore.byIds, ({ id }) => id),
  ofAnalysis: byArguments(({ page, ...filter }: TemplateFilter & { page: PageRequest }) =>
    pageLoader<number, OccurringTemplate>(read, (tx, ids) =>
      templateStore.pagesByAnalysis(tx, ids, filter, page),
    ),
  ),
  countOfAnalysis: byArguments((filter: TemplateFilter) =>
    countLoader<number>(read, (tx, ids) => templateStore.countsByAnalysis(tx, ids, filter)),
  ),
  stories: byArguments((page: PageRequest) =>
    pageLoader<number, StoryEntity>(read, (tx, ids) => templateStore.storyPages(tx, ids, page)),
  ),
  page: listLoader(read, templateStore.page),
  count: listLoader(read, templateStore.count),
  storyCount: countLoader<number>(read, templateStore.storyCounts),
  sourceStory: loaderByKey<number, StoryEntity & { readonly templateId: number }>(
    read,
    templateStore.sourceStories,
    ({ templateId }) => templateId,
  ),
});
