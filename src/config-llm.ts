/** The variables of a language model. */
import { z } from "zod";
import { ConfigError, apiKey, flag, httpUrl, quota } from "./config-values.js";

const count = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
};

const PRICE_FORM = "must be one or two whole numbers, such as 150000,600000";
const price = z
  .string()
  .regex(/^\d{1,12}(\s*,\s*\d{1,12})?$/, PRICE_FORM)
  .transform((text) => text.split(",").map(Number));

export const llmVariables = {
  LLM_URL: httpUrl.optional(),
  LLM_MODEL: z.string().optional(),
  LLM_API_KEY: apiKey.optional(),
  LLM_ALLOW_PRIVATE: flag.default(false),
  LLM_CONTEXT_TOKENS: count(2_000, 10_000_000).default(8_192),
  LLM_MICROS_PER_MILLION_TOKENS: price.optional(),
  LLM_MAX_TOKENS_PER_TEXT: quota.default(2_000_000),
  LLM_MAX_TOKENS_PER_DAY: quota.default(10_000_000),
  LLM_TIMEOUT_SECONDS: count(1, 3_600).default(300),
  LLM_CONCURRENCY: count(1, 64).default(2),
};

/** An endpoint that offers OpenAI's POST /chat/completions. */
export interface LanguageModelConfig {
  readonly baseUrl: string;
  /** Empty for a server without keys. */
  readonly apiKey: string;
  readonly model: string;
  /** The most tokens of prompt and answer together. */
  readonly contextTokens: number;
  readonly price?: {
    readonly inputMicrosPerMillion: number;
    readonly outputMicrosPerMillion: number;
    readonly currency: string;
  };
  /** Timeout for one attempt, including the whole answer. */
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
  /** True if the host's name may resolve to an address of a private network. */
  readonly allowsPrivateHost: boolean;
  /** The limits of the whole installation, in tokens of prompts and answers. Infinity means no limit. */
  readonly tokensPerText: number;
  readonly tokensPerDay: number;
}

type LlmEnvironment = z.output<z.ZodObject<typeof llmVariables>>;

/** @throws ConfigError if only a part of the variables is set */
export function languageModelOf(env: LlmEnvironment): LanguageModelConfig | undefined {
  const { LLM_URL: baseUrl, LLM_MODEL: model, LLM_API_KEY: apiKey } = env;
  if (baseUrl === undefined) {
    const others = Object.entries({ LLM_MODEL: model, LLM_API_KEY: apiKey });
    const [name] = others.find(([, value]) => value !== undefined) ?? [];
    if (name === undefined) return undefined;
    throw new ConfigError(`${name} is set but LLM_URL is not; set both.`);
  }
  if (model === undefined) throw new ConfigError("LLM_URL is set; set LLM_MODEL too.");
  return {
    ...{ baseUrl, model, apiKey: apiKey ?? "" },
    ...priceOf(env.LLM_MICROS_PER_MILLION_TOKENS),
    contextTokens: env.LLM_CONTEXT_TOKENS,
    timeoutMs: env.LLM_TIMEOUT_SECONDS * 1000,
    maxConcurrent: env.LLM_CONCURRENCY,
    allowsPrivateHost: env.LLM_ALLOW_PRIVATE || new URL(baseUrl).hostname === "localhost",
    tokensPerText: env.LLM_MAX_TOKENS_PER_TEXT,
    tokensPerDay: env.LLM_MAX_TOKENS_PER_DAY,
  };
}

/** One number is the price of prompts and of answers. */
function priceOf([input, output = input]: readonly number[] = []): Pick<
  LanguageModelConfig,
  "price"
> {
  if (input === undefined || output === undefined) return {};
  const currency = "USD";
  return {
    price: { inputMicrosPerMillion: input, outputMicrosPerMillion: output, currency },
  };
}
