import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { StoryEntity } from "../story/story.entity.js";
import { storyStore } from "../story/story.store.js";
import { type AnalysisEntity, AnalysisStatus } from "./analysis.entity.js";
import { ANALYSIS_CHANNEL, type Analyser, MODEL_ANALYSER_ID } from "./running/analysers.js";
import { AnalysisRun, NO_MODEL, SUPERSEDED } from "./running/analysis-run.js";
import { type AnalysedText, analysisStore } from "./analysis.store.js";
import { modelAnswersStore } from "./model/model-answers.store.js";

/** An analysis that waits for its turn. */
export interface AnalysisOrder {
  readonly analysisId: number;
  /**
   * The author of the oldest published story with the text. Authors take turns, and the analysis
   * takes a turn of this author. Null if this story has no author.
   */
  readonly authorId: string | null;
  readonly wordCount: number;
  readonly analyserId: string;
  /** If given, the analysis waits at least so long. */
  readonly laterSeconds?: number;
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

/** Returns the ids of those analyses of an analyser that have no job in the queue. */
export type FindWithoutJob = (
  analyserId: string,
  analysisIds: readonly number[],
) => Promise<number[]>;

export interface AnalysisDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly enqueue: EnqueueAnalysis;
  readonly findWithoutJob: FindWithoutJob;
  readonly embedded: Analyser;
  /** Null if this server has no language model. */
  readonly model: Analyser | null;
}

type AnalysableText = Pick<StoryEntity, "contentHash" | "language">;

/** No further text is given to the model while so many wait. Stories that people publish do not wait for this. */
const MOST_WAITING = 100;

/** Requests analyses, and runs them. */
export class AnalysisService {
  private readonly listeners: AnalysisReadyListener[] = [];

  private readonly runs: AnalysisRun;

  private readonly startedAt: Date;

  constructor(private readonly use: AnalysisDependencies) {
    const { database, clock } = use;
    this.startedAt = clock.now();
    this.runs = new AnalysisRun({
      ...{ database, clock },
      analyserOf: (id) => this.analysers.find(({ key }) => key.id === id),
      request: (tx, text) => this.request(tx, text),
      enqueueLater: (tx, { id, analyzerId, contentHash, language }, laterSeconds) =>
        this.enqueue(tx, { contentHash, language }, { id, analyserId: analyzerId, laterSeconds }),
      announce: (tx, analysis) => this.announce(tx, analysis),
      followUp: (tx, analysis) => this.followUp(tx, analysis),
      notify: (tx, text) => this.notify(tx, text),
    });
  }

  private get analysers(): readonly Analyser[] {
    const { embedded, model } = this.use;
    return model ? [embedded, model] : [embedded];
  }

  /** True if a language model can analyse texts. */
  get hasModel(): boolean {
    return this.use.model !== null;
  }

  onReady(listener: AnalysisReadyListener): void {
    this.listeners.push(listener);
  }

  /**
   * Requests the analysis of a public story's text. A text is analysed once. The first request
   * inserts the row and the job, and later requests do not. A request after a failed analysis
   * queues the analysis again. If the analysis is already ready, the request calls the listeners, and requests
   * the analysis by the language model. Returns what the request did about the embedded analyser.
   */
  async request(tx: Tx, story: AnalysableText): Promise<AnalysisRequest> {
    return (await this.requestAll(tx, story)).embedded;
  }

  /**
   * As `request`, but returns what the request did about the language model. While the embedded analysis is
   * not ready, returns what it did about this analysis, because the model's follows.
   */
  async requestModel(tx: Tx, story: AnalysableText): Promise<AnalysisRequest> {
    const { embedded, model } = await this.requestAll(tx, story);
    return embedded === AnalysisRequest.Unneeded ? model : embedded;
  }

  private async requestAll(
    tx: Tx,
    { contentHash, language }: AnalysableText,
  ): Promise<Record<"embedded" | "model", AnalysisRequest>> {
    const { Unneeded } = AnalysisRequest;
    if (contentHash === null) return { embedded: Unneeded, model: Unneeded };
    const text = { contentHash, language };
    await analysisStore.lockText(tx, text);
    const { request, ready } = await this.requestFrom(tx, text, this.use.embedded);
    if (ready === null) return { embedded: request, model: Unneeded };
    await this.announce(tx, ready);
    return { embedded: request, model: await this.requestReading(tx, text) };
  }

  /** Requests the language model's analysis of a text, if there is a model and a public story has the text. */
  private async requestReading(tx: Tx, text: AnalysedText): Promise<AnalysisRequest> {
    const { model } = this.use;
    if (!model || !(await storyStore.isPublicText(tx, text))) return AnalysisRequest.Unneeded;
    return (await this.requestFrom(tx, text, model)).request;
  }

  private async requestFrom(
    tx: Tx,
    text: AnalysedText,
    analyser: Analyser,
  ): Promise<{ readonly request: AnalysisRequest; readonly ready: AnalysisEntity | null }> {
    const underWay = { request: AnalysisRequest.UnderWay, ready: null };
    if (await analysisStore.isUnderWay(tx, text, analyser)) return underWay;
    const id = await analysisStore.request(tx, text, analyser);
    if (id !== null) {
      await this.enqueue(tx, text, { id, analyserId: analyser.key.id });
      return { request: AnalysisRequest.Queued, ready: null };
    }
    const analysis = await analysisStore.lock(tx, text, analyser);
    if (analysis?.status !== AnalysisStatus.Ready) return underWay;
    return { request: AnalysisRequest.Unneeded, ready: analysis };
  }

  /**
   * Runs one analysis. Does nothing if the analysis is ready, so the job of an analysis can run
   * twice. Requests a new analysis instead if the analysis waited for an earlier version of the analyser.
   * @returns a sentence for the log
   * @throws every error of the analyser, so that the queue tries again
   */
  run(analysisId: number, signal = new AbortController().signal): Promise<string> {
    return this.runs.run(analysisId, signal);
  }

  /**
   * Marks an analysis as failed after the last try of its job. The analysis stays failed until its
   * story is published or narrated again. A model's analysis is tried again when the next worker starts.
   */
  fail(analysisId: number, message: string): Promise<void> {
    return this.runs.fail(analysisId, message);
  }

  /**
   * Queues unfinished analyses again if their jobs were lost, for example because a backup was
   * restored. Every process can call this at any time. Returns how many analyses were queued.
   */
  async requeueLost(): Promise<number> {
    let queued = 0;
    for (const analyserId of [this.use.embedded.key.id, MODEL_ANALYSER_ID]) {
      const unfinished = await this.use.database.read({ viewer: null }, (tx) =>
        analysisStore.unfinishedIds(tx, analyserId),
      );
      const lost = await this.use.findWithoutJob(analyserId, unfinished);
      for (const id of lost) if (await this.requeue(id)) queued += 1;
    }
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
      if (!analysis) return false;
      const { analyzerId: analyserId } = analysis;
      if ((await this.use.findWithoutJob(analyserId, [id])).length === 0) return false;
      await analysisStore.setStatus(tx, id, AnalysisStatus.Pending);
      await this.enqueue(tx, analysis, { id, analyserId });
      return true;
    });
  }

  /**
   * Requests the model's analyses of texts that were published before the server had this model, and of texts
   * that the model failed to read before this process started, because its settings may be right now. Some at a
   * time: call this again and again. Returns how many were requested.
   */
  async requestUnread(): Promise<number> {
    const { database, embedded, model } = this.use;
    if (!model) return 0;
    const again = { reasons: [NO_MODEL, SUPERSEDED], failedBefore: this.startedAt };
    const options = { embeddedId: embedded.key.id, again, most: MOST_WAITING };
    const texts = await database.read({ viewer: null }, (tx) =>
      modelAnswersStore.unreadTexts(tx, model.key, options),
    );
    let queued = 0;
    for (const text of texts) {
      const request = await database.write(null, async (tx) => {
        await analysisStore.lockText(tx, text);
        return this.requestReading(tx, text);
      });
      if (request === AnalysisRequest.Queued) queued += 1;
    }
    return queued;
  }

  private async followUp(tx: Tx, analysis: AnalysisEntity): Promise<void> {
    const { embedded } = this.use;
    if (analysis.analyzerId === embedded.key.id) await this.requestReading(tx, analysis);
    else {
      await modelAnswersStore.forget(tx, analysis.id);
      await modelAnswersStore.noteShortfall(tx, analysis, {
        ...{ analyserId: embedded.key.id, reason: null },
      });
    }
  }

  private async announce(tx: Tx, analysis: AnalysisEntity): Promise<void> {
    for (const listener of this.listeners) await listener(tx, analysis);
  }

  private async enqueue(
    tx: Tx,
    text: AnalysedText,
    {
      id: analysisId,
      ...order
    }: Pick<AnalysisOrder, "analyserId" | "laterSeconds"> & { id: number },
  ): Promise<void> {
    const { authorId = null, wordCount = 0 } = (await storyStore.factsOfText(tx, text)) ?? {};
    await this.use.enqueue(tx, { analysisId, authorId, wordCount, ...order });
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
