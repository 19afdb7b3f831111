import type { VersionedRow } from "../../../platform/database/reading/row-cache.js";
import type { AlsoListed, SharedRows } from "../../../platform/database/reading/shared-rows.js";
import type { StoryEntity } from "../../story/story.entity.js";
import { type AnalysisEntity, AnalysisStatus } from "../analysis.entity.js";
import { type CurrentAnalysis, type ListedColumns, listedColumns } from "../analysis.store.js";

/** The current analysis of a listed story, with the number of its state. */
export interface ListedAnalysis extends VersionedRow {
  readonly status: AnalysisStatus;
  /** How often templates have changed. */
  readonly templateChanges: string;
}

/**
 * Lets the statements that list stories for a request also read which analysis is the current one of each
 * story. So a request needs no statement for analyses that the process keeps.
 */
export class ListedAnalyses implements AlsoListed<StoryEntity> {
  private readonly analyses = new WeakMap<StoryEntity, ListedAnalysis | null>();
  private readonly ready: ListedAnalysis[] = [];
  private readonly kept = new KeptOfAll<CurrentAnalysis>(this.ready, (listed) => {
    const ready = this.rows.find(listed);
    return ready && { status: AnalysisStatus.Ready, ready };
  });

  constructor(private readonly rows: SharedRows<AnalysisEntity>) {}

  columns(story: string): string {
    return listedColumns(story);
  }

  note(story: StoryEntity, row: VersionedRow): void {
    const listed = readListed(row as VersionedRow & ListedColumns);
    this.analyses.set(story, listed);
    if (listed?.status === AnalysisStatus.Ready) this.ready.push(listed);
  }

  /**
   * Returns the current analysis of the story, or null without an analysis. Returns undefined if the request
   * has not listed the story.
   */
  of(story: StoryEntity): ListedAnalysis | null | undefined {
    return this.analyses.get(story);
  }

  /** Returns the state of the story's analysis, or undefined if a statement must read the state. */
  currentOf(story: StoryEntity): CurrentAnalysis | null | undefined {
    const listed = this.analyses.get(story);
    if (!listed) return listed;
    const { status } = listed;
    return status === AnalysisStatus.Ready ? this.kept.find(listed) : { status, ready: null };
  }

  /**
   * Finds what a process keeps for the ready analyses of the listed stories.
   * @param find finds the kept value of one analysis
   */
  keptOfAll<T>(find: (listed: ListedAnalysis) => T | undefined): KeptOfAll<T> {
    return new KeptOfAll(this.ready, find);
  }
}

/**
 * Finds kept values only if the process keeps a value for all listed analyses of the request. If some
 * fields had to wait for a statement and others not, the fields below would be read in two batches.
 */
export class KeptOfAll<T> {
  private readonly found = new Map<ListedAnalysis, T>();
  private sought = 0;

  constructor(
    private readonly listed: readonly ListedAnalysis[],
    private readonly seek: (listed: ListedAnalysis) => T | undefined,
  ) {}

  find(listed: ListedAnalysis): T | undefined {
    for (; this.sought < this.listed.length; this.sought += 1) {
      const each = this.listed[this.sought];
      const value = each && this.seek(each);
      if (each && value !== undefined) this.found.set(each, value);
    }
    return this.found.size === this.listed.length ? this.found.get(listed) : undefined;
  }
}

function readListed({ currentAnalysis, templateChanges }: ListedColumns): ListedAnalysis | null {
  if (currentAnalysis === null) return null;
  const [id, status, rowVersion = ""] = currentAnalysis.split(" ");
  return {
    ...{ id: Number(id), status: status as AnalysisStatus, rowVersion },
    templateChanges: templateChanges ?? "0",
  };
}
