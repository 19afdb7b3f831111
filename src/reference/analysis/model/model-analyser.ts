import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../platform/clock.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import type { Database } from "../../../platform/database/transactions/database.js";
import { ProviderError, UnavailableError } from "../../../platform/errors.js";
import type { LanguageModel } from "../../../providers/llm/llm.port.js";
import { ANALYSER } from "../analyser/index.js";
import {
  ANALYSIS_CHANNEL,
  type Analyser,
  AnalysisEnded,
  AnalysisPostponed,
  AnalysisTaken,
  type AnalyserKey,
  type AnalyserOrder,
  type FinishedAnalysis,
  MODEL_ANALYSER_ID,
  NO_STORY,
} from "../running/analysers.js";
import type { AnalysisDegradation, AnalysisEntity } from "../analysis.entity.js";
import type { PackedAnalysis } from "../running/packed-analysis.js";
import { MODEL_ANALYSER } from "./analyse-with-model.js";
import { modelAnswersStore } from "./model-answers.store.js";
import type { PlannedReading, applyInThread, planInThread } from "./read-with-model.worker.js";
import { type AnswerMemory, type ModelReading, readWithModel } from "./model-reader.js";
import { PROMPT_VERSION } from "./prompt-version.js";

/** Above the rank of every embedded analyser. */
const MODEL_RANK = 20;

/** The most tokens, prompts and answers together. */
export interface ModelLimits {
  readonly tokensPerText: number;
  /** For the whole installation. A day is a day in UTC. */
  readonly tokensPerDay: number;
}

export interface ModelAnalyserDependencies {
  readonly database: Pick<Database, "read" | "write">;
  readonly clock: Clock;
  readonly model: LanguageModel;
  readonly limits: ModelLimits;
  /** Runs `planInThread` in a worker thread. */
  readonly plan: (
    order: Parameters<typeof planInThread>[0] & { readonly signal: AbortSignal },
  ) => Promise<PlannedReading>;
  /** Runs `applyInThread` in a worker thread. */
  readonly apply: (
    order: Parameters<typeof applyInThread>[0] & { readonly signal: AbortSignal },
  ) => Promise<PackedAnalysis>;
  readonly notifier: Pick<Notifier, "notify">;
  /** Waits until the database may be back. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An answer that is paid waits about a minute for a database that restarts. */
const STORING_TRIES = 20;
const STORING_DELAY_MS = 3_000;

/** The time until a model that does not answer is asked again. */
const RETRY_SECONDS = 300;
const DAY_MS = 86_400_000;
/** The time after which a long text lets the texts of other authors go first. */
const TURN_MS = 3_600_000;
const NEXT_TURN_SECONDS = 1;
/** The last request, about the whole text, is the rest. */
const SHARE_OF_WINDOWS = 0.95;

/**
 * Asks a language model about a text that the embedded analyser has analysed. Each answer is stored before the
 * next request, so no try asks again for what an earlier try was told.
 */
export class ModelAnalyser implements Analyser {
  readonly key: AnalyserKey;
  readonly rank = MODEL_RANK;

  constructor(private readonly use: ModelAnalyserDependencies) {
    this.key = {
      id: MODEL_ANALYSER_ID,
      // The segments are those of the embedded analyser.
      version: `${MODEL_ANALYSER.version}+${ANALYSER.version}`,
      model: use.model.model,
      promptVersion: PROMPT_VERSION,
      schemaVersion: ANALYSER.schemaVersion,
    };
  }

  async analyse({ analysis, content, signal }: AnalyserOrder): Promise<FinishedAnalysis> {
    const { language } = analysis;
    const { plan, apply } = this.use;
    await this.check(analysis, { progress: 0, tokens: 0 });
    const { contextTokens } = this.use.model;
    const planned = await plan({ text: content, language, contextTokens, signal });
    this.refuseTooLong(planned.tokens);
    const readings = await this.ask({ analysis, content, signal }, planned);
    const { unusable, requests, ...said } = readings;
    const order = { text: content, language, readings: said, analyzer: this.key };
    const packed = await apply({ ...order, signal });
    return { ...packed, degraded: degradationsOf({ unusable, requests }) };
  }

  private async ask(
    { analysis, content, signal }: AnalyserOrder,
    { plan }: PlannedReading,
  ): Promise<ModelReading> {
    const begunMs = this.use.clock.now().getTime();
    let progress = 0;
    try {
      return await readWithModel(content, plan, {
        model: this.use.model,
        memory: await this.memoryOf(analysis, signal),
        mostTokens: this.use.limits.tokensPerText,
        signal,
        beforeAsking: async (tokens) => {
          await this.check(analysis, { progress, tokens });
          if (this.use.clock.now().getTime() - begunMs < TURN_MS) return;
          throw new AnalysisPostponed("It is the turn of another author.", NEXT_TURN_SECONDS);
        },
        onProgress: (fraction) => {
          progress = fraction * SHARE_OF_WINDOWS;
        },
      });
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.retryable || signal.aborted) throw error;
      throw new AnalysisPostponed(error.message, RETRY_SECONDS);
    }
  }

  private async memoryOf(
    { id: analysisId }: AnalysisEntity,
    signal: AbortSignal,
  ): Promise<AnswerMemory> {
    const { database, clock } = this.use;
    const known = await database.read({ viewer: null }, (tx) =>
      modelAnswersStore.ofAnalysis(tx, analysisId),
    );
    return {
      find: (name) => known.get(name) ?? null,
      keep: (name, answer) =>
        this.storing(signal, () =>
          database.write(null, (tx) =>
            modelAnswersStore.add(tx, { analysisId, name }, answer, clock.now()),
          ),
        ),
    };
  }

  /** Stores an answer. Tries again while the database is not there. */
  private async storing(signal: AbortSignal, store: () => Promise<void>): Promise<void> {
    const { wait = (ms) => sleep(ms, undefined, { signal }) } = this.use;
    for (let left = STORING_TRIES; ; left -= 1) {
      try {
        await store();
        return;
      } catch (error) {
        if (!(error instanceof UnavailableError) || left === 0) throw error;
        await wait(STORING_DELAY_MS, signal);
      }
    }
  }

  /**
   * Stores the progress, and checks that the model may be asked.
   * @param next the share of the text that is read, and the tokens of the next request. 0 if no request follows
   *   at once
   */
  private async check(
    analysis: AnalysisEntity,
    next: { readonly progress: number; readonly tokens: number },
  ): Promise<void> {
    const { database, clock, limits, notifier } = this.use;
    const now = clock.now();
    const at = { analysisId: analysis.id, progress: next.progress };
    const state = await database.write(null, async (tx) => {
      const found = await modelAnswersStore.noteProgress(tx, at, now);
      await notifier.notify(tx, ANALYSIS_CHANNEL, analysis.contentHash);
      return found;
    });
    if (!state) throw new AnalysisTaken();
    if (!state.isPublic) throw new AnalysisEnded(NO_STORY);
    this.refuseTooLarge(next.tokens);
    if (next.tokens === 0 || state.tokensToday + next.tokens <= limits.tokensPerDay) return;
    const shortfall =
      "The language model has read as much today as this server allows. The model reads this text another day.";
    throw new AnalysisPostponed(shortfall, secondsOfDayLeft(now), shortfall);
  }

  private refuseTooLarge(tokens: number): void {
    const { tokensPerDay } = this.use.limits;
    if (tokens <= tokensPerDay) return;
    const message = `A request to the language model takes about ${tokens} tokens, and this server allows ${tokensPerDay} for a day.`;
    throw new AnalysisEnded(message, message);
  }

  private refuseTooLong(tokens: number): void {
    const { tokensPerText } = this.use.limits;
    if (tokens <= tokensPerText) return;
    const message = `The text is too long for the language model: about ${tokens} tokens, and this server allows ${tokensPerText} for one text.`;
    throw new AnalysisEnded(message, message);
  }
}

const secondsOfDayLeft = (now: Date): number =>
  Math.ceil((DAY_MS - (now.getTime() % DAY_MS)) / 1000);

function degradationsOf({
  unusable,
  requests,
}: Pick<ModelReading, "unusable" | "requests">): AnalysisDegradation[] {
  if (unusable === 0) return [];
  const reason = `${unusable} of ${requests} answers of the language model are missing or could not be used. There, the embedded analyser decided.`;
  return [{ feature: "model", reason }];
}
