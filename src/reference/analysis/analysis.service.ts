import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { StoryEntity } from "../story/story.entity.js";
import { storyStore } from "../story/story.store.js";
import { type AnalysisEntity, AnalysisStatus } from "./analysis.entity.js";
import type { Analyser } from "./analysers.js";
import { AnalysisRun } from "./analysis-run.js";
import { type AnalysedText, analysisStore } from "./analysis.store.js";

/** An analysis that waits for its turn. */
export interface AnalysisOrder {
  readonly analysisId: number;
  /**
   * The author of the oldest published story with the text. Authors take turns, and the analysis
   * takes a turn of this author. Null if this story has no author.
   */
  readonly authorId: string | null;
  readonly wordCount: number;
}

/** What a request of an analysis did. */
export const AnalysisRequest = {
  Queued: "queued",
  UnderWay: "under_way",
  /** The present analyser has analysed the text, or there is no text. */
  Unneeded: "unneeded",
} as const;
export type AnalysisRequest = (typeof AnalysisRequest)[keyof typeof AnalysisRequest];

/** Adds an analysis to the queue, in the transaction that requests the analysis. */
export type EnqueueAnalysis = (tx: Tx, order: AnalysisOrder) => Promise<void>;

/**
 * Called when a ready analysis becomes usable for a story: in the transaction that stores the
 * analysis, or in the transaction that requests an analysis that is already ready. May be called
 * several times in one transaction.
 */
export type AnalysisReadyListener = (tx: Tx, analysis: AnalysisEntity) => Promise<void>;

/** The NOTIFY channel for changes of an analysis. The payload is the content hash of the text. */
export const ANALYSIS_CHANNEL = "story_analysis";

/** Returns the ids of the analyses that have no job in the queue. */
export type FindWithoutJob = (analysisIds: readonly number[]) => Promise<number[]>;

export interface AnalysisDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly enqueue: EnqueueAnalysis;
  readonly findWithoutJob: FindWithoutJob;
  readonly embedded: Analyser;
}

/** Requests analyses, and runs them. */
export class AnalysisService {
  private readonly listeners: AnalysisReadyListener[] = [];

  private readonly runs: AnalysisRun;

  constructor(private readonly use: AnalysisDependencies) {
    const { database, clock, embedded } = use;
    this.runs = new AnalysisRun({
      ...{ database, clock },
      analyserOf: (id) => (id === embedded.key.id ? embedded : undefined),
      request: (tx, text) => this.request(tx, text),
      announce: (tx, analysis) => this.announce(tx, analysis),
      notify: (tx, text) => this.notify(tx, text),
    });
  }

  onReady(listener: AnalysisReadyListener): void {
    this.listeners.push(listener);
  }

  /**
   * Requests the analysis of a public story's text. A text is analysed once. The first request
   * inserts the row and the job, and later requests do not. A request after a failed analysis
   * queues the analysis again. If the analysis is already ready, the request calls the listeners. Returns what
   * the request did.
   */
  async request(
    tx: Tx,
    story: Pick<StoryEntity, "contentHash" | "language">,
  ): Promise<AnalysisRequest> {
    if (story.contentHash === null) return AnalysisRequest.Unneeded;
    const { embedded } = this.use;
    const text: AnalysedText = { contentHash: story.contentHash, language: story.language };
    await analysisStore.lockText(tx, text);
    if (await analysisStore.isUnderWay(tx, text, embedded)) return AnalysisRequest.UnderWay;
    const requested = await analysisStore.request(tx, text, embedded);
    if (requested !== null) {
      await this.enqueueAndNotify(tx, requested, text);
      return AnalysisRequest.Queued;
    }
    const analysis = await analysisStore.lock(tx, text, embedded);
    if (analysis?.status !== AnalysisStatus.Ready) return AnalysisRequest.UnderWay;
    await this.announce(tx, analysis);
    return AnalysisRequest.Unneeded;
  }

  /**
   * Runs one analysis. Does nothing if the analysis is ready, so the job of an analysis can run
   * twice. Requests a new analysis instead if the analysis waited for an earlier version of the analyser.
   * @throws every error of the analyser, so that the queue tries again
   */
  async run(analysisId: number, signal = new AbortController().signal): Promise<void> {
    await this.runs.run(analysisId, signal);
  }

  /**
   * Marks an analysis as failed after the last try of its job. The analysis stays failed until its
   * story is published or narrated again.
   */
  async fail(analysisId: number, message: string): Promise<void> {
    await this.runs.fail(analysisId, message);
  }

  /**
   * Queues unfinished analyses again if their jobs were lost, for example because a backup was
   * restored. Every process can call this at any time. Returns how many analyses were queued.
   */
  async requeueLost(): Promise<number> {
    const { database, embedded, findWithoutJob } = this.use;
    const unfinished = await database.read({ viewer: null }, (tx) =>
      analysisStore.unfinishedIds(tx, embedded.key.id),
    );
    let queued = 0;
    for (const id of await findWithoutJob(unfinished)) if (await this.requeue(id)) queued += 1;
    return queued;
  }

  /**
   * Queues one unfinished analysis again and returns true. First locks the row and checks again
   * that the analysis is unfinished and has no job. Since the first check, the job can have ended,
   * or another worker can have queued the analysis.
   */
  private requeue(id: number): Promise<boolean> {
    return this.use.database.write(null, async (tx) => {
      const analysis = await analysisStore.lockUnfinished(tx, id);
      if (!analysis || (await this.use.findWithoutJob([id])).length === 0) return false;
      await analysisStore.setStatus(tx, id, AnalysisStatus.Pending);
      await this.enqueueAndNotify(tx, id, analysis);
      return true;
    });
  }

  private async announce(tx: Tx, analysis: AnalysisEntity): Promise<void> {
    for (const listener of this.listeners) await listener(tx, analysis);
  }

  private async enqueueAndNotify(tx: Tx, analysisId: number, text: AnalysedText): Promise<void> {
    const { authorId = null, wordCount = 0 } = (await storyStore.factsOfText(tx, text)) ?? {};
    await this.use.enqueue(tx, { analysisId, authorId, wordCount });
    await this.notify(tx, text);
  }

  /**
   * Notifies the subscribers of a story that the story now has another text. They subscribed to the
   * analysis of the old text.
   */
  async leave(tx: Tx, { contentHash }: Pick<StoryEntity, "contentHash">): Promise<void> {
    if (contentHash !== null) await this.notify(tx, { contentHash });
  }

  private notify(tx: Tx, { contentHash }: Pick<AnalysedText, "contentHash">): Promise<void> {
    return this.use.notifier.notify(tx, ANALYSIS_CHANNEL, contentHash);
  }
}
