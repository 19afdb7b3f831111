import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { UnavailableError } from "../../platform/errors.js";
import { storyStore } from "../story/story.store.js";
import { templateStore } from "../voice-modulation/template.store.js";
import { type AnalysisEntity, AnalysisStatus } from "./analysis.entity.js";
import { type Analyser, isBy } from "./analysers.js";
import { type AnalysedText, analysisStore } from "./analysis.store.js";
import { apparatusStore } from "./apparatus.store.js";
import { type PackedAnalysis, readBatch } from "./packed-analysis.js";

const NO_STORY = {
  message:
    "No published story has this text any more; publish a story with this text to analyse it.",
};

const SUPERSEDED = { message: "A newer version of the analyser analyses this text." };

interface RunDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Finds the analyser with an id. */
  readonly analyserOf: (id: string) => Analyser | undefined;
  /** Requests the analysis of a text from the analysers of this server. */
  readonly request: (tx: Tx, text: AnalysedText) => Promise<unknown>;
  /** Calls the listeners for ready analyses. */
  readonly announce: (tx: Tx, analysis: AnalysisEntity) => Promise<void>;
  /** Tells the subscribers that an analysis has changed. */
  readonly notify: (tx: Tx, text: Pick<AnalysedText, "contentHash">) => Promise<void>;
}

/** Runs analyses that were requested, and stores their results. */
export class AnalysisRun {
  constructor(private readonly use: RunDependencies) {}

  /**
   * Runs one analysis. Does nothing if the analysis is ready, so the job of an analysis can run
   * twice. Requests a new analysis instead if the analysis waited for an earlier version of the analyser.
   * @throws every error of the analyser, so that the queue tries again
   */
  async run(analysisId: number, signal: AbortSignal): Promise<void> {
    const analysis = await this.find(analysisId);
    // Without the analysis, its last story was deleted.
    if (!analysis || analysis.status === AnalysisStatus.Ready) return;
    const analyser = this.use.analyserOf(analysis.analyzerId);
    if (!analyser || !isBy(analysis, analyser)) return this.supersede(analysis, analyser);
    const content = await this.begin(analysis, analyser);
    if (content === null) return;
    const found = await analyser.analyse({ analysis, content, signal });
    await this.store(analysis, found, signal);
  }

  /** Marks an analysis as failed, unless it is ready. */
  async fail(analysisId: number, message: string): Promise<void> {
    const analysis = await this.find(analysisId);
    if (!analysis) return;
    await this.use.database.write(null, async (tx) => {
      await analysisStore.setStatus(tx, analysisId, AnalysisStatus.Failed, { message });
      await this.use.notify(tx, analysis);
    });
  }

  /**
   * Ends an analysis that an earlier version of the analyser did not finish, and requests the analysis of
   * this version. Narrations that wait for the text get their script from any analysis.
   * @throws UnavailableError if a later version is needed, so that another server tries
   */
  private async supersede(analysis: AnalysisEntity, present: Analyser | undefined): Promise<void> {
    if (analysis.rank > (present?.rank ?? 0)) {
      throw new UnavailableError(
        `Analysis ${analysis.id} needs version ${analysis.analyzerVersion} of the analyser.`,
      );
    }
    await this.use.database.write(null, async (tx) => {
      await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Failed, SUPERSEDED);
      await this.use.request(tx, analysis);
    });
  }

  private async store(
    analysis: AnalysisEntity,
    found: PackedAnalysis,
    signal: AbortSignal,
  ): Promise<void> {
    const { database, clock, announce, notify } = this.use;
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
      }
      await notify(tx, analysis);
    });
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
      else await analysisStore.setStatus(tx, analysis.id, AnalysisStatus.Failed, NO_STORY);
      await this.use.notify(tx, analysis);
      return text?.content ?? null;
    });
  }
}
