import type { Clock } from "../../../../src/platform/clock.js";
import { systemClock } from "../../../../src/platform/clock.js";
import { openAiChat } from "../../../../src/providers/llm/openai/openai-chat.js";
import {
  type AnalysisOrder,
  AnalysisService,
} from "../../../../src/reference/analysis/analysis.service.js";
import {
  ModelAnalyser,
  type ModelLimits,
  type StoryEntity,
  analysisStore,
} from "../../../../src/reference/index.js";
import {
  applyInThread,
  planInThread,
} from "../../../../src/reference/analysis/model/read-with-model.worker.js";
import { type TestApp, embeddedInThisThread, testApp } from "../../../support/app.js";
import { type Play, languageModelServer, says } from "../../../support/language-model-server.js";
import { FERRY, goodAnswer, readRequest } from "./played-models.js";

interface ReadingWorkerOptions extends Partial<ModelLimits> {
  /** The URL of the model's server. */
  readonly url: string;
  readonly model?: string;
  readonly clock?: Clock;
  /** Called before each write of the analyser. */
  readonly beforeWriting?: () => void;
}

/** A worker with a language model. A job runs only when the test runs it, in the thread of the test. */
export interface ReadingWorker {
  readonly analyses: AnalysisService;
  /** The jobs that were sent and have not run. */
  readonly jobs: AnalysisOrder[];
  /** Runs the next job. Returns its sentence for the log. */
  runNext(): Promise<string>;
  /** Runs jobs until none is left. */
  runAll(): Promise<void>;
}

/** Short windows, so that the story FERRY has several. */
const CONTEXT_TOKENS = 1500;

function readingWorker(
  { services, jobDatabase: database }: Pick<TestApp, "services" | "jobDatabase">,
  { url, model = "played", clock = systemClock, beforeWriting, ...limits }: ReadingWorkerOptions,
): ReadingWorker {
  const { notifier } = services;
  const jobs: AnalysisOrder[] = [];
  const analyses = new AnalysisService({
    ...{ database, clock, notifier },
    enqueue: (_tx, order) => {
      jobs.push(order);
      return Promise.resolve();
    },
    findWithoutJob: (_analyserId, ids) => Promise.resolve([...ids]),
    embedded: embeddedInThisThread(),
    model: new ModelAnalyser({
      ...{ clock, notifier },
      database: {
        read: database.read.bind(database),
        write: async (...transaction) => {
          beforeWriting?.();
          return database.write(...transaction);
        },
      },
      wait: () => Promise.resolve(),
      model: openAiChat({
        ...{ baseUrl: url, apiKey: "", model, contextTokens: CONTEXT_TOKENS, maxAttempts: 1 },
      }),
      limits: { tokensPerText: Infinity, tokensPerDay: Infinity, ...limits },
      plan: ({ signal: _signal, ...order }) => Promise.resolve(planInThread(order)),
      apply: ({ signal: _signal, ...order }) => Promise.resolve(applyInThread(order)),
    }),
  });
  const runNext = async (): Promise<string> => {
    const job = jobs.shift();
    if (!job) throw new Error("No job was sent.");
    return analyses.run(job.analysisId);
  };
  return {
    ...{ analyses, jobs, runNext },
    runAll: async () => {
      while (jobs.length > 0) await runNext();
    },
  };
}

const good: Play = (request) => says(goodAnswer(request));

interface AnalysisRow {
  readonly id: number;
  readonly analyser: string;
  readonly model: string;
  readonly status: string;
  readonly rank: number;
  readonly progress: number;
  readonly failure: { readonly message: string } | null;
  readonly degraded: readonly { readonly reason: string }[];
}

/** An app without a model, and a server that plays models. */
export async function readingScene() {
  const app = await testApp({ poolSize: 20 });
  let played = good;
  const server = await languageModelServer((request, count) => played(request, count));
  const rows = () =>
    app.superuser<AnalysisRow>(
      `SELECT id, analyzer_id AS analyser, model, status, rank, progress, failure, degraded
       FROM reference.story_analyses ORDER BY id`,
    );
  const publishFerry = (author = "ada"): Promise<StoryEntity> =>
    app.given.story({ author, text: FERRY, publish: true });
  return {
    ...{ app, server, rows, publishFerry },
    /** Lets the server play another model. Default: a good one. */
    play: (play: Play = good): void => {
      played = play;
      server.forget();
    },
    workerWith: (options: Omit<ReadingWorkerOptions, "url"> = {}) =>
      readingWorker(app, { url: server.url, ...options }),
    answers: () => app.superuser("SELECT FROM reference.model_answers"),
    used: () =>
      app.superuser<{ day: string; tokens: number }>(
        "SELECT day::text, tokens::int FROM reference.model_usage ORDER BY day",
      ),
    /** What each request was about: its first quote and its last line. */
    asked: () =>
      server.requests.map((request) => {
        const { isWhole, lines, quotes } = readRequest(request);
        return isWhole ? "whole" : `${quotes[0]?.id}-${lines.at(-1)?.id}`;
      }),
    /** Publishes FERRY and runs the job of its embedded analysis. The job of the model's analysis is next. */
    givenEmbedded: async (worker: ReadingWorker): Promise<StoryEntity> => {
      const story = await publishFerry();
      const [row] = await rows();
      await worker.analyses.run(row?.id ?? 0);
      return story;
    },
    currentOf: async ({ contentHash, language }: StoryEntity) => {
      const [current] = await app.database.read({ viewer: null }, (tx) =>
        analysisStore.currentByText(tx, [{ contentHash: contentHash ?? "", language }]),
      );
      return current?.ready ?? null;
    },
    close: async () => {
      await server.close();
      await app.close();
    },
  };
}
