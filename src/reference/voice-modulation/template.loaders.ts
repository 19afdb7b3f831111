import {
  EMPTY_PAGE,
  type Reader,
  byArguments,
  countLoader,
  listLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { Page, PageRequest } from "../../platform/database/reading/keyset.js";
import type { SharedRows } from "../../platform/database/reading/shared-rows.js";
import { sortedJson } from "../../platform/sorted-json.js";
import type { AnalysisEntity } from "../analysis/analysis.entity.js";
import type { StoryEntity } from "../story/story.entity.js";
import type { KeptTemplatePages } from "./kept-template-pages.js";
import type { TemplateEntity } from "./template.entity.js";
import { type OccurringTemplate, type TemplateFilter, templateStore } from "./template.store.js";

interface TemplateSources {
  readonly templates: SharedRows<TemplateEntity>;
  /** Finds the ready analysis of a story. */
  readonly ready: (story: StoryEntity) => AnalysisEntity | null | Promise<AnalysisEntity | null>;
  readonly kept: KeptTemplatePages;
}

/** Look-ups of templates, batched within one request. */
export const templateLoaders = (read: Reader, { templates, ready, kept }: TemplateSources) => ({
  byId: loaderByKey<number, TemplateEntity>(
    read,
    (tx, ids) => templateStore.byIds(tx, ids, templates),
    ({ id }) => id,
  ),
  /** The templates of a story's current analysis. Empty without a ready analysis. */
  ofStory: byArguments((list: TemplateFilter & { page: PageRequest }) => {
    const name = sortedJson(list);
    const ofAnalysis = pageLoader<number, OccurringTemplate>(read, (tx, ids) =>
      templateStore.pagesByAnalysis(tx, ids, list, templates),
    );
    const load = async (story: StoryEntity): Promise<Page<OccurringTemplate>> => {
      const analysis = await ready(story);
      if (!analysis) return EMPTY_PAGE;
      const page = await ofAnalysis.load(analysis.id);
      kept.keep(name, { story, analysis, page });
      return page;
    };
    return (story: StoryEntity) => kept.find(name, story) ?? load(story);
  }),
  countOfStory: byArguments((filter: TemplateFilter) => {
    const ofAnalysis = countLoader<number>(read, (tx, ids) =>
      templateStore.countsByAnalysis(tx, ids, filter),
    );
    return async (story: StoryEntity): Promise<number> => {
      const analysis = await ready(story);
      return analysis ? ofAnalysis.load(analysis.id) : 0;
    };
  }),
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
