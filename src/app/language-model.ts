import { loadConfig } from "../config.js";
import { StartupError } from "../platform/errors.js";
import type { LanguageModel } from "../providers/llm/llm.port.js";
import { languageModelOf } from "./options.js";

/**
 * Returns the language model that the settings name.
 * @throws StartupError if they name none
 */
export function requireLanguageModel(): LanguageModel {
  const { model } = languageModelOf(loadConfig()) ?? {};
  if (model) return model;
  throw new StartupError(
    "There is no language model; set LLM_URL and LLM_MODEL, for example LLM_URL=http://127.0.0.1:11434/v1 LLM_MODEL=qwen3:8b.",
  );
}
