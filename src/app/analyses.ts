import {
  AnalysisService,
  ModelAnalyser,
  type PackedAnalysis,
  type PlannedReading,
  embeddedAnalyser,
  findAnalysesWithoutJob,
  queueAnalyses,
} from "../reference/index.js";
import type { Parts } from "./parts.js";

const ANALYSE = "reference/analysis/running/analyse.worker.js";
const READ = "reference/analysis/model/read-with-model.worker.js";

export function createAnalyses({ queue, threads, scripts, ...use }: Parts): AnalysisService {
  const { database, clock, notifier } = use;
  const analyses = new AnalysisService({
    ...{ database, clock, notifier },
    enqueue: queueAnalyses(queue),
    findWithoutJob: findAnalysesWithoutJob(queue),
    embedded: embeddedAnalyser(
      async (text, { language, signal }) =>
        (await threads.analyses.run(
          ANALYSE,
          "analyse",
          { text, language },
          signal,
        )) as PackedAnalysis,
    ),
    model: createModelAnalyser({ threads, ...use }),
  });
  analyses.onReady((tx, analysis) => scripts.writePending(tx, analysis));
  return analyses;
}

function createModelAnalyser({
  languageModel,
  threads,
  ...use
}: Pick<Parts, "languageModel" | "threads" | "database" | "clock" | "notifier">) {
  if (!languageModel) return null;
  const inThread = (name: string, { signal, ...input }: { readonly signal: AbortSignal }) =>
    threads.analyses.run(READ, name, input, signal);
  return new ModelAnalyser({
    ...{ ...use, ...languageModel },
    plan: async (order) => (await inThread("planInThread", order)) as PlannedReading,
    apply: async (order) => (await inThread("applyInThread", order)) as PackedAnalysis,
  });
}
