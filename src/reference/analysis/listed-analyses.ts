import type { VersionedRow } from "../../platform/database/reading/row-cache.js";
import type { AlsoListed, SharedRows } from "../../platform/database/reading/shared-rows.js";
import type { StoryEntity } from "../story/story.entity.js";
import { type AnalysisEntity, AnalysisStatus } from "./analysis.entity.js";
import { type CurrentAnalysis, type ListedColumns, listedColumns } from "./analysis.store.js";

/** The current analysis of a listed story, with the number of its state. */
export interface ListedAnalysis extends VersionedRow {
  readonly status: AnalysisStatus;
  /** How often templates have changed. */
  readonly templateChanges: string;
}

/**
 * Lets the statements that list stories for a request also read which analysis is the current one of each
 * story. So a request needs no statement for an analysis that the process keeps.
 */
export class ListedAnalyses implements AlsoListed<StoryEntity> {
  private readonly analyses = new WeakMap<StoryEntity, ListedAnalysis | null>();

  constructor(private readonly rows: SharedRows<AnalysisEntity>) {}

  columns(story: string): string {
    return listedColumns(story);
  }

  note(story: StoryEntity, row: VersionedRow): void {
    this.analyses.set(story, readListed(row as VersionedRow & ListedColumns));
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
    if (status !== AnalysisStatus.Ready) return { status, ready: null };
    const ready = this.rows.find(listed);
    return ready && { status, ready };
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
