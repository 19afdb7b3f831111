import type { Page } from "../../platform/database/reading/keyset.js";
import type { RowCache, VersionedRow } from "../../platform/database/reading/row-cache.js";
import type { AnalysisEntity } from "../analysis/analysis.entity.js";
import type {
  KeptOfAll,
  ListedAnalyses,
  ListedAnalysis,
} from "../analysis/look-up/listed-analyses.js";
import type { StoryEntity } from "../story/story.entity.js";
import type { OccurringTemplate } from "./template.store.js";

type TemplatePage = Page<OccurringTemplate>;

/** The page of one analysis. Its version stands for the state of the analysis and of the templates. */
interface KeptPage extends VersionedRow {
  readonly page: TemplatePage;
}

/** A page, and the analysis whose templates it has. */
interface ReadPage {
  readonly analysis: AnalysisEntity;
  readonly page: TemplatePage;
}

/** Keeps pages of the templates of listed stories, as long as nothing changes that a page can show. */
export class KeptTemplatePages {
  private readonly kept = new Map<string, KeptOfAll<TemplatePage>>();

  /** @param cache null if the process keeps nothing */
  constructor(
    private readonly cache: RowCache | null,
    private readonly listed: ListedAnalyses,
  ) {}

  find(list: object, story: StoryEntity): TemplatePage | undefined {
    const listed = this.listed.of(story);
    return listed ? this.pagesOf(kindOf(list)).find(listed) : undefined;
  }

  private pagesOf(kind: string): KeptOfAll<TemplatePage> {
    const known = this.kept.get(kind);
    if (known) return known;
    const pages = this.listed.keptOfAll(
      (each) => (this.cache?.find(kind, placeOf(each)) as KeptPage | undefined)?.page,
    );
    this.kept.set(kind, pages);
    return pages;
  }

  /**
   * Returns a function that keeps a page of the story. Call this before the page is read. The request can
   * list the story again meanwhile, and the page can be older than that.
   */
  keeper(list: object, story: StoryEntity): (read: ReadPage) => void {
    const listed = this.listed.of(story);
    return ({ analysis, page }) => {
      // The analysis can have changed since the story was listed.
      if (listed?.id !== analysis.id || listed.rowVersion !== analysis.rowVersion) return;
      const kept: KeptPage = { ...placeOf(listed), page };
      this.cache?.keep(kindOf(list), kept);
    };
  }
}

const placeOf = ({ id, rowVersion, templateChanges }: ListedAnalysis): VersionedRow => ({
  id,
  rowVersion: `${rowVersion} ${templateChanges}`,
});

const kindOf = (list: object): string => `templates ${JSON.stringify(list)}`;
