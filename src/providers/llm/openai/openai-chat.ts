import { ProviderError } from "../../../platform/errors.js";
import { type HttpRequest, jsonBody, urlBelow } from "../../remote/connection.js";
import { type ConnectionSettings, connectionOf } from "../../remote/connection-settings.js";
import { type EndpointOptions, OversizedReplyError, askEndpoint } from "../../remote/endpoint.js";
import { RequestSlots } from "../../remote/request-slots.js";
import {
  type ChatAnswer,
  type ChatMessage,
  type ChatRequest,
  ContextOverflowError,
  type LanguageModel,
  type ModelPrice,
  type TokenUsage,
  UnusableAnswerError,
  addUsage,
  estimateMessageTokens,
  estimateTokens,
} from "../llm.port.js";
import { USUAL_FORM, messagesOf, nextForm, writeBody } from "./chat-forms.js";
import { RefusedFormError, explainChatRefusal } from "./chat-refusal.js";
import { type ChatReply, readChatReply } from "./chat-reply.js";
import { findJsonObject } from "./json-answer.js";

/** By default, an attempt may take 300 s and an answer 4 MiB, and two requests run at the same time. */
export interface OpenAiChatOptions extends ConnectionSettings {
  /** The URL up to and including the version, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Empty for a server without keys. */
  readonly apiKey: string;
  readonly model: string;
  /** The most tokens of prompt and answer together. */
  readonly contextTokens: number;
  readonly price?: ModelPrice;
}

/** The additional tokens of an answer by a model that thinks before it answers. */
const THOUGHT_TOKENS = 8192;
const NAME = "The language model";
const DEMAND_JSON =
  "This is not one JSON object. Answer again with the JSON object alone, without any other words.";
const DEMAND_SHORTER =
  "An earlier answer was too long and was cut. Answer shorter: with the JSON object alone, without thoughts or other words, and with as few words in it as possible.";

/** Creates a language model behind any server with OpenAI's `POST /chat/completions`. */
export function openAiChat(options: OpenAiChatOptions): LanguageModel {
  const { model, contextTokens, price } = options;
  const ask = createAsker(options);
  return {
    ...{ id: "openai", model, contextTokens },
    ...(price && { price }),
    async complete(request, signal) {
      signal.throwIfAborted();
      requireRoom(request, contextTokens);
      const first = await ask(request, signal);
      const answer = usableAnswer(first);
      if (answer) return answer;
      const messages = demandAgain(request, first.reply, contextTokens);
      const second = await ask({ ...request, messages }, signal).catch((error: unknown) => {
        throw error instanceof ContextOverflowError ? unusable(first) : error;
      });
      const both = { reply: second.reply, usage: addUsage(first.usage, second.usage) };
      const repaired = usableAnswer(both);
      if (repaired) return repaired;
      throw unusable(both);
    },
  };
}

/**
 * Some servers cut a prompt that is too long and say nothing, so the length is estimated before.
 * @throws ContextOverflowError
 */
function requireRoom({ messages, maxOutputTokens }: ChatRequest, contextTokens: number): void {
  const needed = estimateMessageTokens(messages) + maxOutputTokens;
  if (needed <= contextTokens) return;
  const message = `The request needs about ${needed} tokens, and LLM_CONTEXT_TOKENS is ${contextTokens}.`;
  throw new ContextOverflowError(message);
}

/** A reply of the server, and what it cost. */
interface Asked {
  readonly reply: ChatReply;
  readonly usage: TokenUsage;
}

/**
 * Returns the answer of a reply, or null if the model must be asked again.
 * @throws UnusableAnswerError if the model refused to answer
 */
function usableAnswer({ reply, usage }: Asked): ChatAnswer | null {
  if (reply.isRefusal) throw new UnusableAnswerError(`${NAME} refused to answer.`, usage);
  // A model that goes on after its answer is cut, but the answer is whole.
  const value = findJsonObject(reply.content);
  return value === undefined ? null : { value, usage };
}

function unusable({ reply, usage }: Asked): UnusableAnswerError {
  const what = reply.isCut ? "did not end its answer" : "answered with something other than JSON";
  return new UnusableAnswerError(`${NAME} ${what}.`, usage);
}

/**
 * Returns the messages that ask once more. The model sees its answer if there is room for it. A cut
 * answer would only use up the room for the next one.
 */
function demandAgain(
  { messages, maxOutputTokens }: ChatRequest,
  { content, isCut }: ChatReply,
  contextTokens: number,
): readonly ChatMessage[] {
  const dialogue: readonly ChatMessage[] = [
    ...messages,
    { role: "assistant", content },
    { role: "user", content: DEMAND_JSON },
  ];
  const hasRoom = estimateMessageTokens(dialogue) + maxOutputTokens <= contextTokens;
  if (!isCut && content.trim() !== "" && hasRoom) return dialogue;
  // Two messages of the user in a row would break the templates of some models.
  const demand = isCut ? DEMAND_SHORTER : "Answer with one JSON object alone.";
  return messages.map((message, index) =>
    index === messages.length - 1
      ? { ...message, content: `${message.content}\n\n${demand}` }
      : message,
  );
}

/** Returns a function that sends a request in the form that the server accepts. */
function createAsker(options: OpenAiChatOptions) {
  const endpoint = endpointOf(options);
  const slots = new RequestSlots(options.maxConcurrent ?? 2);
  const url = urlBelow(options.baseUrl, "/chat/completions");
  const headers: Record<string, string> =
    options.apiKey === "" ? {} : { authorization: `Bearer ${options.apiKey}` };
  let accepted = USUAL_FORM;
  let thoughtTokens = 0;

  return async (asking: ChatRequest, signal: AbortSignal): Promise<Asked> => {
    const request = withThoughts(asking, thoughtTokens, options.contextTokens);
    let form = accepted;
    for (;;) {
      const body = jsonBody(writeBody(options.model, request, form));
      const asked = { url, headers, method: "POST", body } as const;
      try {
        const reply = await slots.run(() => send(endpoint, asked, signal), signal);
        accepted = form;
        if (reply.isCut && reply.hasThoughts) thoughtTokens = THOUGHT_TOKENS;
        return { reply, usage: usageOf(messagesOf(request, form), reply) };
      } catch (error) {
        if (error instanceof OversizedReplyError) throw endless(error, request);
        if (!(error instanceof RefusedFormError)) throw error;
        const next = nextForm(form, error.error);
        if (!next) throw new ProviderError(error.message, false);
        form = next;
      }
    }
  };
}

/** A model that never ends its answer was paid for an answer as long as the request allows. */
const endless = (
  { message }: OversizedReplyError,
  { messages, maxOutputTokens: outputTokens }: ChatRequest,
): UnusableAnswerError =>
  new UnusableAnswerError(message, {
    inputTokens: estimateMessageTokens(messages),
    outputTokens,
    requests: 1,
  });

/** Returns the request with more tokens for its answer, as far as the context has room for them. */
function withThoughts(
  { maxOutputTokens, ...request }: ChatRequest,
  thoughtTokens: number,
  contextTokens: number,
): ChatRequest {
  const room = contextTokens - estimateMessageTokens(request.messages) - maxOutputTokens;
  const more = Math.max(0, Math.min(thoughtTokens, room));
  return { ...request, maxOutputTokens: maxOutputTokens + more };
}

/** @throws the error that a refusal of the same kind would throw, if the reply contains an error */
const send = (
  endpoint: EndpointOptions,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<ChatReply> =>
  askEndpoint(
    endpoint,
    request,
    (body) => {
      const reply = readChatReply(NAME, body);
      if (!("status" in reply)) return reply;
      const sent = JSON.stringify(request);
      const { message, retryable, error } = endpoint.explain({ ...reply, body, sent });
      throw error ?? new ProviderError(message, retryable);
    },
    signal,
  );

/** Tokens that the server does not report are estimated. */
const usageOf = (messages: readonly ChatMessage[], reply: ChatReply): TokenUsage => ({
  inputTokens: reply.inputTokens ?? estimateMessageTokens(messages),
  outputTokens: reply.outputTokens ?? estimateTokens(reply.content + reply.thoughts),
  requests: 1,
});

const endpointOf = (options: OpenAiChatOptions): EndpointOptions => ({
  name: NAME,
  replies: "JSON",
  explain: (refusal) => explainChatRefusal(NAME, refusal),
  privateHostSetting: "LLM_ALLOW_PRIVATE",
  ...connectionOf(options, { timeoutMs: 300_000, maxBytes: 4 * 2 ** 20 }),
});
