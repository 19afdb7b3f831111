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
  /** Finds the ready analysis of a story. */
  readonly ready: (story: StoryEntity) => AnalysisEntity | null | Promise<AnalysisEntity | null>;
  readonly kept: KeptTemplatePages;
}

type TemplateList = TemplateFilter & { readonly page: PageRequest };

/** The templates of a story's ready analysis. The lists are empty without an analysis. */
interface TemplatesOfStory {
  page(list: TemplateList): Promise<Page<OccurringTemplate>>;
  count(filter: TemplateFilter): Promise<number>;
}

/** Look-ups of templates, batched within one request. */
export const templateLoaders = (read: Reader, { templates, ready, kept }: TemplateSources) => ({
  ofStory: storyTemplates(read, { templates, ready, kept }),
  byId: loaderByKey<number, TemplateEntity>(
    read,
    (tx, ids) => templateStore.byIds(tx, ids, templates),
    ({ id }) => id,
  ),
  stories: byArguments((page: PageRequest) =>
    pageLoader<number, StoryEntity>(read, (tx, ids) => templateStore.storyPages(tx, ids, page)),
  ),
  page: listLoader(read, (tx, list: TemplateList) => templateStore.page(tx, list, templates)),
  count: listLoader(read, templateStore.count),
  storyCount: countLoader<number>(read, templateStore.storyCounts),
  sourceStory: loaderByKey<number, StoryEntity & { readonly templateId: number }>(
    read,
    templateStore.sourceStories,
    ({ templateId }) => templateId,
  ),
});

/** Returns a function that reads the analysis of a story only once for the page and the count. */
function storyTemplates(read: Reader, { templates, ready, kept }: TemplateSources) {
  const pages = byArguments((list: TemplateList) =>
    pageLoader<number, OccurringTemplate>(read, (tx, ids) =>
      templateStore.pagesByAnalysis(tx, ids, list, templates),
    ),
  );
  const counts = byArguments((filter: TemplateFilter) =>
    countLoader<number>(read, (tx, ids) => templateStore.countsByAnalysis(tx, ids, filter)),
  );
  return (story: StoryEntity): TemplatesOfStory => {
    let found: ReturnType<typeof ready> | undefined;
    const findAnalysis = () => (found ??= ready(story));
    return {
      page: async (list) => {
        const known = kept.find(list, story);
        if (known) return known;
        const keep = kept.keeper(list, story);
        const analysis = await findAnalysis();
        if (!analysis) return EMPTY_PAGE;
        const page = await pages(list).load(analysis.id);
        keep({ analysis, page });
        return page;
      },
      count: async (filter) => {
        const analysis = await findAnalysis();
        return analysis ? counts(filter).load(analysis.id) : 0;
      },
    };
  };
}
