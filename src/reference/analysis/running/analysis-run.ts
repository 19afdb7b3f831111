import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { UnavailableError } from "../../../platform/errors.js";
import { storyStore } from "../../story/story.store.js";
import { templateStore } from "../../voice-modulation/template.store.js";
import { type AnalysisEntity, AnalysisStatus } from "../analysis.entity.js";
import {
  type Analyser,
  AnalysisEnded,
  AnalysisPostponed,
  AnalysisTaken,
  type FinishedAnalysis,
  NO_STORY,
  isBy,
} from "./analysers.js";
import { type AnalysedText, analysisStore } from "../analysis.store.js";
import { apparatusStore } from "../apparatus.store.js";
import { EMBEDDED } from "./embedded-analyser.js";
import { modelAnswersStore } from "../model/model-answers.store.js";
import { readBatch } from "./packed-analysis.js";

/** Why an analysis ends that another version of its analyser makes, or another model. */
export const SUPERSEDED = "A newer version of the analyser analyses this text.";
/** Why an analysis by a model ends on a server without a model. */
export const NO_MODEL = "This server has no language model any more.";

interface RunDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Finds the analyser with an id. */
  readonly analyserOf: (id: string) => Analyser | undefined;
  /** Requests the analysis of a text from the analysers of this server. */
  readonly request: (tx: Tx, text: AnalysedText) => Promise<unknown>;
  /** Queues an analysis that continues later. */
  readonly enqueueLater: (tx: Tx, analysis: AnalysisEntity, seconds: number) => Promise<void>;
  /** Calls the listeners for ready analyses. */
  readonly announce: (tx: Tx, analysis: AnalysisEntity) => Promise<void>;
  /** Does what follows when an analysis has become ready. The transaction has claimed the text. */
  readonly followUp: (tx: Tx, analysis: AnalysisEntity) => Promise<void>;
  /** Tells the subscribers that an analysis has changed. */
  readonly notify: (tx: Tx, text: Pick<AnalysedText, "contentHash">) => Promise<void>;
}

/** Runs analyses that were requested, and stores their results. */
export class AnalysisRun {
  constructor(private readonly use: RunDependencies) {}

  /**
   * Runs one analysis. Does nothing if the analysis is ready, so the job of an analysis can run
   * twice. Requests a new analysis instead if the analysis waited for an earlier version of the analyser.
   * @returns a sentence for the log
   * @throws every error of the analyser, so that the queue tries again
   */
  async run(analysisId: number, signal: AbortSignal): Promise<string> {
    const analysis = await this.find(analysisId);
    const finished = `Finished the job of analysis ${analysisId}`;
    // Without the analysis, its last story was deleted.
    if (!analysis || analysis.status === AnalysisStatus.Ready) return finished;
    const analyser = this.use.analyserOf(analysis.analyzerId);
    if (!analyser) return this.end(analysis, new AnalysisEnded(NO_MODEL));
    if (!isBy(analysis, analyser)) return this.supersede(analysis, analyser);
    const content = await this.begin(analysis, analyser);
    if (content === null) return finished;
    try {
      const found = await analyser.analyse({ analysis, content, signal });
      await this.store(analysis, found, signal);
      return `${finished}${usedBy(analyser, found)}`;
    } catch (error) {
      if (error instanceof AnalysisEnded) return this.end(analysis, error);
      if (error instanceof AnalysisTaken) return finished;
      if (error instanceof AnalysisPostponed) return this.postpone(analysis, error);
      throw error;
    }
  }

  private async end(
    analysis: AnalysisEntity,
    { message, shortfall }: AnalysisEnded,
  ): Promise<string> {
    await this.use.database.write(null, async (tx) => {
      await analysisStore.claimText(tx, analysis);
      await this.setFailed(tx, analysis.id, message);
      // Also without a shortfall: what was said while the analysis waited is no longer true.
      await noteShortfall(tx, analysis, shortfall);
      await this.use.notify(tx, analysis);
    });
    return `Ended analysis ${analysis.id}: ${message}`;
  }

  private async postpone(
    analysis: AnalysisEntity,
    { message, seconds, shortfall }: AnalysisPostponed,
  ): Promise<string> {
    await this.use.database.write(null, async (tx) => {
      await analysisStore.claimText(tx, analysis);
      if (!(await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Pending))) return;
      if (shortfall !== null) await noteShortfall(tx, analysis, shortfall);
      await this.use.enqueueLater(tx, analysis, seconds);
      await this.use.notify(tx, analysis);
    });
    return `Analysis ${analysis.id} continues in ${seconds} s: ${message}`;
  }

  /** Marks an analysis as failed, unless it is ready. */
  async fail(analysisId: number, message: string): Promise<void> {
    const analysis = await this.find(analysisId);
    if (!analysis) return;
    await this.use.database.write(null, async (tx) => {
      await this.setFailed(tx, analysisId, message);
      await this.use.notify(tx, analysis);
    });
  }

  /**
   * Ends an analysis that an earlier version of the analyser did not finish, and requests the analysis of
   * this version. Narrations that wait for the text get their script from any analysis.
   * @throws UnavailableError if a later version is needed, so that another server tries
   */
  private async supersede(analysis: AnalysisEntity, present: Analyser): Promise<string> {
    if (analysis.rank > present.rank) {
      throw new UnavailableError(
        `Analysis ${analysis.id} needs version ${analysis.analyzerVersion} of the analyser.`,
      );
    }
    await this.use.database.write(null, async (tx) => {
      await this.setFailed(tx, analysis.id, SUPERSEDED);
      await this.use.request(tx, analysis);
    });
    return `Ended analysis ${analysis.id}: ${SUPERSEDED}`;
  }

  private async store(
    analysis: AnalysisEntity,
    found: FinishedAnalysis,
    signal: AbortSignal,
  ): Promise<void> {
    const { database, clock, announce, followUp, notify } = this.use;
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
        await announce(tx, ready);
        await analysisStore.claimText(tx, analysis);
        await announce(tx, ready);
        await followUp(tx, ready);
      }
      await notify(tx, analysis);
    });
  }

  private async setFailed(tx: Tx, analysisId: number, message: string): Promise<void> {
    const at = this.use.clock.now().toISOString();
    await analysisStore.setStatus(tx, analysisId, AnalysisStatus.Failed, { message, at });
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
  private async begin(analysis: AnalysisEntity, analyser: Analyser): Promise<string | null> {
    return this.use.database.write(null, async (tx) => {
      // Take both locks before looking for the text. If an author publishes the text now, the author's
      // request waits for the second lock. After the wait, it requests the failed analysis again.
      await analysisStore.lock(tx, analysis, analyser);
      await analysisStore.claimText(tx, analysis);
      const [text] = await storyStore.textsByHash(tx, [analysis.contentHash]);
      if (text) await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Running);
      else await this.setFailed(tx, analysis.id, NO_STORY);
      await this.use.notify(tx, analysis);
      return text?.content ?? null;
    });
  }
}

/** Returns what the log says about the cost of a language model. */
const usedBy = ({ key }: Analyser, { usage }: FinishedAnalysis): string =>
  key.model === ""
    ? ""
    : `: ${key.model} read ${usage.inputTokens} tokens and wrote ${usage.outputTokens}`;

const noteShortfall = (tx: Tx, text: AnalysedText, reason: string | null): Promise<void> =>
  modelAnswersStore.noteShortfall(tx, text, { analyserId: EMBEDDED.key.id, reason });
