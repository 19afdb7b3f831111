import { ProviderError } from "../../platform/errors.js";

/** One message of an exchange with a language model. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ChatRequest {
  /** The first message may be a system message. The last message is the user's. */
  readonly messages: readonly ChatMessage[];
  /**
   * The JSON schema of the answer, and its name (a-z and _). The answer is an object. Every object in
   * the schema requires all its properties and has `additionalProperties: false`, because OpenAI
   * enforces only such schemas.
   */
  readonly answer: { readonly name: string; readonly schema: object };
  /**
   * The most tokens that the answer may take. The thoughts of a model that thinks before it answers
   * may take more, if the context has room for them.
   */
  readonly maxOutputTokens: number;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The number of requests that the server answered. */
  readonly requests: number;
}

export interface ChatAnswer {
  /**
   * A JSON object. Nobody has compared the object with the schema: many servers accept a schema
   * and do not enforce it.
   */
  readonly value: unknown;
  readonly usage: TokenUsage;
}

export interface ModelPrice {
  /** The price of a million tokens of prompt, in millionths of `currency`. */
  readonly inputMicrosPerMillion: number;
  /** The price of a million tokens of answer, in millionths of `currency`. */
  readonly outputMicrosPerMillion: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** A language model that answers with JSON. */
export interface LanguageModel {
  /** The kind of the endpoint, for example `openai`. */
  readonly id: string;
  /** The endpoint's name of the model. The operator chose the model. */
  readonly model: string;
  /** The most tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Absent if the price is unknown. */
  readonly price?: ModelPrice;
  /**
   * Answers the last message. Tries again after failures that may be temporary.
   * @throws UnusableAnswerError if the model answered, but did not answer with JSON, even after one
   *   demand for JSON
   * @throws ContextOverflowError if prompt and answer are longer than the model's context
   * @throws ProviderError, retryable or not, for every other failure
   * @throws the signal's reason if the signal aborts
   */
  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>;
}

export const NO_USAGE: TokenUsage = { inputTokens: 0, outputTokens: 0, requests: 0 };

export const addUsage = (one: TokenUsage, other: TokenUsage): TokenUsage => ({
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  requests: one.requests + other.requests,
});

/**
 * The model answered, but nobody can use the answer. The same request would probably get such an
 * answer again.
 */
export class UnusableAnswerError extends ProviderError {
  constructor(
    message: string,
    /** What was paid for the answer. */
    readonly usage: TokenUsage,
  ) {
    super(message, false);
  }
}

/** Prompt and answer are longer than the model's context. A shorter request may succeed. */
export class ContextOverflowError extends ProviderError {
  constructor(
    message: string,
    /** What was paid. Zero if the server refused the request. */
    readonly usage: TokenUsage = NO_USAGE,
  ) {
    super(message, false);
  }
}

/** Returns the cost of tokens in millionths of the price's currency, rounded up. */
export const costMicrosOf = (
  { inputTokens, outputTokens }: Pick<TokenUsage, "inputTokens" | "outputTokens">,
  { inputMicrosPerMillion, outputMicrosPerMillion }: ModelPrice,
): number =>
  Math.ceil(
    (inputTokens * inputMicrosPerMillion + outputTokens * outputMicrosPerMillion) / 1_000_000,
  );

/**
 * Estimates the number of a text's tokens without a tokenizer. The estimate is rather too high than
 * too low: on English prose, 1.3 times the tokens of GPT-4o and Llama 3, and 1.15 times those of
 * Llama 2.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(/[a-z]+|[!-/:-@[-`{-~]+| {2,}|[^a-z ]/giu)) {
    if (/^[a-z]/i.test(part)) tokens += tokensOfWord(part);
    // Signs come in pairs, for example a comma and a quotation mark.
    else if (/^[!-~]{2}/.test(part)) tokens += Math.ceil(part.length / 2);
    // A letter of another script has as many tokens as bytes after the first, or fewer.
    else tokens += Math.max(1, Buffer.byteLength(part) - 1);
  }
  return tokens;
}

/** Vocabularies contain most short words. Long words and capitals consist of shorter tokens. */
const tokensOfWord = (word: string): number =>
  Math.ceil(word.length / (word.length > 8 || /[A-Z]{2}/.test(word) ? 3 : 4));

/** The tokens that a chat template adds to each message, with the name of its role. */
const TOKENS_A_MESSAGE = 8;

/** Estimates the number of tokens of messages. */
export const estimateMessageTokens = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + TOKENS_A_MESSAGE + estimateTokens(content), 0);

/**
 * Estimates the number of a request's tokens without its answer. Many servers count the schema as a
 * part of the prompt.
 */
export const estimatePromptTokens = ({
  messages,
  answer,
}: Pick<ChatRequest, "messages" | "answer">): number =>
  estimateMessageTokens(messages) + estimateTokens(JSON.stringify(answer.schema));
