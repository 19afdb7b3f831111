import type { LanguageModel } from "../../../providers/llm/llm.port.js";
import { type AnalysisDocument, analyseText } from "../analyser/index.js";
import { applyReadings } from "./apply-readings.js";
import {
  type ModelReading,
  type ReadingOptions,
  type StoredAnswer,
  planReading,
  readWithModel,
} from "./model-reader.js";
import { PROMPT_VERSION } from "./prompt-version.js";

/**
 * The id and version of the analyser that asks a language model. The version changes with the way in which
 * answers become decisions. The model and the prompts have versions of their own.
 */
export const MODEL_ANALYSER = { id: "model", version: "1.0.0" } as const;

export interface AnalysedWithModel {
  readonly document: AnalysisDocument;
  readonly reading: ModelReading;
}

/** Analyses a text with the embedded analyser and then with a model, in this process and without a database. */
export async function analyseWithModel(
  text: string,
  model: LanguageModel,
  {
    language,
    ...options
  }: Omit<ReadingOptions, "model" | "memory"> & { readonly language?: string | undefined },
): Promise<AnalysedWithModel> {
  const embedded = analyseText(text, language === undefined ? {} : { language });
  const answers = new Map<string, StoredAnswer>();
  const reading = await readWithModel(text, planReading(text, embedded), {
    ...options,
    model,
    memory: {
      find: (name) => answers.get(name) ?? null,
      keep: (name, answer) => {
        answers.set(name, answer);
        return Promise.resolve();
      },
    },
  });
  const document = applyReadings(embedded, reading, analyzerOf(model));
  return { document, reading };
}

const analyzerOf = ({ model }: LanguageModel) => ({
  ...MODEL_ANALYSER,
  model,
  promptVersion: PROMPT_VERSION,
});
