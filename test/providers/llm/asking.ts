import type { ChatAnswer, ChatRequest } from "../../../src/providers/llm/llm.port.js";
import {
  type OpenAiChatOptions,
  openAiChat,
} from "../../../src/providers/llm/openai/openai-chat.js";
import {
  type LanguageModelServer,
  type Play,
  type PlayedReply,
  languageModelServer,
} from "../../support/language-model-server.js";

export const KEY = "sk-canary-7f3k";
export const SCHEMA = {
  type: "object",
  properties: { speaker: { type: "string" } },
  required: ["speaker"],
  additionalProperties: false,
};
export const REQUEST: ChatRequest = {
  messages: [
    { role: "system", content: "Say who speaks." },
    { role: "user", content: "“Rapunzel, let down your hair,” said the prince." },
  ],
  answer: { name: "speaker", schema: SCHEMA },
  maxOutputTokens: 50,
};
export const ANSWER = { speaker: "c1" };
/** The usage of one request and of two requests to the server of tests. */
export const ASKED_ONCE = { inputTokens: 100, outputTokens: 20, requests: 1 };
export const ASKED_TWICE = { inputTokens: 200, outputTokens: 40, requests: 2 };

/** Starts a server for a test file, and an adapter that asks the server without waiting. */
export function asking() {
  let server: LanguageModelServer;
  let play: Play = () => ({});
  const waits: number[] = [];

  beforeAll(async () => {
    server = await languageModelServer((request, count) => play(request, count));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    waits.length = 0;
    server.forget();
  });

  const model = (options: Partial<OpenAiChatOptions> = {}) =>
    openAiChat({
      ...{ baseUrl: server.url, apiKey: KEY, model: "qwen3", contextTokens: 8192 },
      clock: { now: () => new Date("2026-01-01T00:00:00Z") },
      wait: async (ms) => {
        waits.push(ms);
      },
      ...options,
    });

  return {
    waits,
    server: () => server,
    model,
    play: (next: Play) => {
      play = next;
    },
    /** Answers with these replies in order, and then always with the last one. */
    playReplies: (...replies: readonly PlayedReply[]) => {
      play = (_, count) => replies[Math.min(count, replies.length - 1)] ?? {};
    },
    ask: (options: Partial<OpenAiChatOptions> = {}): Promise<ChatAnswer> =>
      model(options).complete(REQUEST, new AbortController().signal),
  };
}

/** Returns the error of a promise that must fail. */
export const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );
