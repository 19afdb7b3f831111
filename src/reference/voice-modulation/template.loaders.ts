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
import type { AnalysisEntity } from "../analysis/analysis.entity.js";
import type { StoryEntity } from "../story/story.entity.js";
import type { KeptTemplatePages } from "./kept-template-pages.js";
import type { TemplateEntity } from "./template.entity.js";
import { type OccurringTemplate, type TemplateFilter, templateStore } from "./template.store.js";

interface TemplateSources {
  readonly templates: SharedRows<TemplateEntity>;
  readonly kept: KeptTemplatePages;
}

type FindAnalysis = () => AnalysisEntity | null | Promise<AnalysisEntity | null>;

/** Look-ups of templates, batched within one request. */
export const templateLoaders = (read: Reader, { templates, kept }: TemplateSources) => ({
  byId: loaderByKey<number, TemplateEntity>(
    read,
    (tx, ids) => templateStore.byIds(tx, ids, templates),
    ({ id }) => id,
  ),
  /** The templates of a story's ready analysis. Empty without one. */
  ofStory: byArguments((list: TemplateFilter & { page: PageRequest }) => {
    const name = JSON.stringify(list);
    const ofAnalysis = pageLoader<number, OccurringTemplate>(read, (tx, ids) =>
      templateStore.pagesByAnalysis(tx, ids, list, templates),
    );
    const load = async (
      story: StoryEntity,
      findAnalysis: FindAnalysis,
    ): Promise<Page<OccurringTemplate>> => {
      const keep = kept.keeper(name, story);
      const analysis = await findAnalysis();
      if (!analysis) return EMPTY_PAGE;
      const page = await ofAnalysis.load(analysis.id);
      keep({ analysis, page });
      return page;
    };
    return (story: StoryEntity, findAnalysis: FindAnalysis) =>
      kept.find(name, story) ?? load(story, findAnalysis);
  }),
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
