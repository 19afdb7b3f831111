import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import { UnavailableError } from "../../platform/errors.js";
import type { StoryEntity } from "../story/story.entity.js";
import { storyStore } from "../story/story.store.js";
import { templateStore } from "../voice-modulation/template.store.js";
import { type AnalysisEntity, AnalysisStatus } from "./analysis.entity.js";
import { ANALYSER } from "./analyser/index.js";
import { type AnalysedText, EMBEDDED_RANK, analysisStore } from "./analysis.store.js";
import { apparatusStore } from "./apparatus.store.js";
import { type PackedAnalysis, readBatch } from "./packed-analysis.js";

/** Runs the embedded analyser in a worker thread. If the signal aborts, the work ends. */
export type Analyse = (
  text: string,
  options: { readonly language: string; readonly signal: AbortSignal },
) => Promise<PackedAnalysis>;

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

const NO_STORY = {
  message:
    "No published story has this text any more; publish a story with this text to analyse it.",
};

const SUPERSEDED = { message: "A newer version of the analyser analyses this text." };

/** Returns the ids of the analyses that have no job in the queue. */
export type FindWithoutJob = (analysisIds: readonly number[]) => Promise<number[]>;

export interface AnalysisDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly enqueue: EnqueueAnalysis;
  readonly findWithoutJob: FindWithoutJob;
  readonly analyse: Analyse;
}

/** Requests analyses, runs them and stores their results. */
export class AnalysisService {
  private readonly listeners: AnalysisReadyListener[] = [];

  constructor(private readonly use: AnalysisDependencies) {}

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
    const text: AnalysedText = { contentHash: story.contentHash, language: story.language };
    await analysisStore.lockText(tx, text);
    if (await analysisStore.isUnderWay(tx, text)) return AnalysisRequest.UnderWay;
    const requested = await analysisStore.request(tx, text);
    if (requested !== null) {
      await this.enqueueAndNotify(tx, requested, text);
      return AnalysisRequest.Queued;
    }
    const analysis = await analysisStore.lock(tx, text);
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
    const analysis = await this.find(analysisId);
    // Without the analysis, its last story was deleted.
    if (!analysis || analysis.status === AnalysisStatus.Ready) return;
    if (analysis.analyzerVersion !== ANALYSER.version) return this.supersede(analysis);
    const content = await this.begin(analysis);
    if (content === null) return;
    const found = await this.use.analyse(content, { language: analysis.language, signal });
    await this.store(analysis, found, signal);
  }

  /**
   * Marks an analysis as failed after the last try of its job. The analysis stays failed until its
   * story is published or narrated again.
   */
  async fail(analysisId: number, message: string): Promise<void> {
    const analysis = await this.find(analysisId);
    if (!analysis) return;
    await this.use.database.write(null, async (tx) => {
      await analysisStore.setStatus(tx, analysisId, AnalysisStatus.Failed, { message });
      await this.notify(tx, analysis);
    });
  }

  /**
   * Queues unfinished analyses again if their jobs were lost, for example because a backup was
   * restored. Every process can call this at any time. Returns how many analyses were queued.
   */
  async requeueLost(): Promise<number> {
    const { database, findWithoutJob } = this.use;
    const unfinished = await database.read({ viewer: null }, (tx) =>
      analysisStore.unfinishedIds(tx),
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

  /**
   * Ends an analysis that an earlier version of the analyser did not finish, and requests the analysis of
   * this version. Narrations that wait for the text get their script from any analysis.
   * @throws UnavailableError if a later version is needed, so that another server tries
   */
  private async supersede(analysis: AnalysisEntity): Promise<void> {
    if (analysis.rank > EMBEDDED_RANK) {
      throw new UnavailableError(
        `Analysis ${analysis.id} needs version ${analysis.analyzerVersion} of the analyser.`,
      );
    }
    await this.use.database.write(null, async (tx) => {
      await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Failed, SUPERSEDED);
      await this.request(tx, analysis);
    });
  }

  private async store(
    analysis: AnalysisEntity,
    found: PackedAnalysis,
    signal: AbortSignal,
  ): Promise<void> {
    const { database, clock } = this.use;
    await database.write(null, async (tx) => {
      if (!(await analysisStore.complete(tx, analysis.id, found, clock.now()))) return;
      for (const batch of found.batches) {
        signal.throwIfAborted();
        await analysisStore.insertSegments(tx, analysis.id, readBatch(batch));
      }
      for (const batch of found.apparatusBatches) {
        signal.throwIfAborted();
        await apparatusStore.insert(tx, analysis.id, readBatch(batch));
      }
      await templateStore.merge(tx, analysis.id, found.templates);
      const [ready] = await analysisStore.byIds(tx, [analysis.id]);
      if (ready) {
        // Most of the work is done before the lock, because requests wait for this lock. Requests that
        // came during this work found the analysis unfinished, so they are told now.
        await this.announce(tx, ready);
        await analysisStore.claimText(tx, analysis);
        await this.announce(tx, ready);
      }
      await this.notify(tx, analysis);
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

  private async find(analysisId: number): Promise<AnalysisEntity | undefined> {
    const [analysis] = await this.use.database.read({ viewer: null }, (tx) =>
      analysisStore.byIds(tx, [analysisId]),
    );
    return analysis;
  }

  /**
   * Returns the text to analyse and sets the status to running. Returns null and sets the status to
   * failed if no published story has the text now. The status stays failed until an author
   * publishes a story with the text again.
   */
  private async begin(analysis: AnalysisEntity): Promise<string | null> {
    return this.use.database.write(null, async (tx) => {
      // Take both locks before looking for the text. If an author publishes the text now, the author's
      // request waits for the second lock. After the wait, it requests the failed analysis again.
      await analysisStore.lock(tx, analysis);
      await analysisStore.claimText(tx, analysis);
      const [text] = await storyStore.textsByHash(tx, [analysis.contentHash]);
      if (text) await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Running);
      else await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Failed, NO_STORY);
      await this.notify(tx, analysis);
      return text?.content ?? null;
    });
  }
}
