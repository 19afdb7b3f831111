import { UnusableAnswerError } from "../../../src/providers/llm/llm.port.js";
import { type PlayedReply, refuses, says } from "../../support/language-model-server.js";
import {
  ANSWER,
  ASKED_ONCE,
  ASKED_TWICE,
  KEY,
  REQUEST,
  SCHEMA,
  asking,
  failureOf,
} from "./asking.js";

const CUT = { finishReason: "length" };

const { server, model, playReplies, ask } = asking();

test.each([
  ["/v1", "/v1/chat/completions"],
  ["/v1//", "/v1/chat/completions"],
  ["", "/chat/completions"],
  ["/v1?api-version=2026-01-01#keys", "/v1/chat/completions?api-version=2026-01-01"],
])("a request to %s goes to %s", async (path, target) => {
  playReplies(says(ANSWER));

  await ask({ baseUrl: server().url.replace("/v1", path) });

  expect(server().requests[0]?.path).toBe(target);
});

test("a request has the form of the endpoint, and its answer is read", async () => {
  playReplies(says(ANSWER));

  expect(await ask()).toEqual({ value: ANSWER, usage: ASKED_ONCE });
  expect(server().requests).toHaveLength(1);
  expect(server().requests[0]).toMatchObject({
    path: "/v1/chat/completions",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
  });
  expect(server().requests[0]?.body).toEqual({
    model: "qwen3",
    messages: REQUEST.messages,
    response_format: {
      type: "json_schema",
      json_schema: { name: "speaker", strict: true, schema: SCHEMA },
    },
    ...{ max_tokens: 50, temperature: 0, stream: false },
  });
});

test("the model tells its name, its context and its price", () => {
  const price = { inputMicrosPerMillion: 1, outputMicrosPerMillion: 2, currency: "USD" };

  expect(model({ price })).toMatchObject({
    ...{ id: "openai", model: "qwen3", contextTokens: 8192, price },
  });
  expect(model()).not.toHaveProperty("price");
});

test("a server without keys gets no key", async () => {
  playReplies(says(ANSWER));

  await ask({ apiKey: "" });

  expect(server().requests[0]?.headers.authorization).toBeUndefined();
});

test.each<[what: string, reply: PlayedReply]>([
  ["in prose and a fence", says(`Of course!\n\`\`\`json\n${JSON.stringify(ANSWER)}\n\`\`\``)],
  ["after thoughts", says(`<think>{"speaker":"c9"}?</think>${JSON.stringify(ANSWER)}`)],
  ["repeated", says(`${JSON.stringify(ANSWER)}\n`.repeat(5))],
  [
    "whole, although the model went on until it was cut",
    says(`${JSON.stringify(ANSWER)}${" \n".repeat(20)}`, { finishReason: "length" }),
  ],
  [
    "in parts",
    says("", {
      message: {
        content: [{ type: "text", text: '{"speaker":' }, { type: "text", text: '"c1"}' }, 7],
      },
    }),
  ],
  ["reported as a thought", says("", { message: { reasoning: JSON.stringify(ANSWER) } })],
  ["beside reported thoughts", says(ANSWER, { message: { reasoning_content: "Hm." } })],
])("an answer %s is read without another request", async (_, reply) => {
  playReplies(reply);

  expect(await ask()).toEqual({ value: ANSWER, usage: ASKED_ONCE });
});

test("the members of a reply that the server leaves out are not needed", async () => {
  playReplies({ body: { choices: [{ message: { content: JSON.stringify(ANSWER) } }] } });

  expect((await ask()).value).toEqual(ANSWER);
});

describe("usage", () => {
  test.each([
    ["no usage", null],
    ["numbers that no request has", { prompt_tokens: 9e15, completion_tokens: 1e300 }],
    ["zeros", { prompt_tokens: 0, completion_tokens: 0 }],
    ["nonsense", { prompt_tokens: -5, completion_tokens: 0.5 }],
  ])("a server that reports %s is estimated", async (_, usage) => {
    playReplies(says(ANSWER, { usage }));

    const { inputTokens, outputTokens, requests } = (await ask()).usage;

    expect(inputTokens).toBeGreaterThan(20);
    expect(outputTokens).toBeGreaterThan(4);
    expect(requests).toBe(1);
  });

  test("a request that the server refused costs nothing", async () => {
    playReplies(refuses(503), refuses(400), says(ANSWER));

    expect((await ask()).usage).toEqual(ASKED_ONCE);
    expect(server().requests).toHaveLength(3);
  });
});

describe("answers that are not JSON", () => {
  test("the model sees its answer and is asked for JSON once", async () => {
    playReplies(says("The prince speaks."), says(ANSWER));

    expect(await ask()).toEqual({ value: ANSWER, usage: ASKED_TWICE });
    expect(server().requests[1]?.body.messages).toEqual([
      ...REQUEST.messages,
      { role: "assistant", content: "The prince speaks." },
      { role: "user", content: expect.stringContaining("JSON object alone") },
    ]);
  });

  test("after a second answer without JSON, the answer is unusable and tells what it cost", async () => {
    playReplies(says("The prince speaks."));

    const error = await failureOf(ask());

    expect(error).toBeInstanceOf(UnusableAnswerError);
    expect(error).toMatchObject({ retryable: false, usage: ASKED_TWICE });
    expect(server().requests).toHaveLength(2);
  });

  test("a model that wrote nothing is asked again in the same message", async () => {
    playReplies(says("", { message: { reasoning: "Hm." } }), says(ANSWER));

    expect((await ask()).value).toEqual(ANSWER);
    const { messages = [] } = server().requests[1]?.body ?? {};
    expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(messages[1]?.content).toMatch(/said the prince\.\n\nAnswer with one JSON object/);
  });

  test("a long answer is not shown again if there is no room for it", async () => {
    playReplies(says("word ".repeat(300)), says(ANSWER));

    expect((await ask({ contextTokens: 300 })).value).toEqual(ANSWER);
    expect(server().requests[1]?.body.messages).toHaveLength(2);
  });

  test("a model whose answer was cut is asked for a shorter one, without the cut answer", async () => {
    const cut = says('{"speaker":"c1', { finishReason: "length" });
    playReplies(cut, says(ANSWER));

    expect(await ask()).toEqual({ value: ANSWER, usage: ASKED_TWICE });
    const { messages = [] } = server().requests[1]?.body ?? {};
    expect(messages).toHaveLength(2);
    expect(messages[1]?.content).toContain("Answer shorter");
  });

  test.each<[what: string, reply: PlayedReply]>([
    ["reported thoughts", says("", { ...CUT, message: { reasoning_content: "Hm, who" } })],
    ["thoughts in the answer", says("<think>Hm, who", CUT)],
    [
      "hidden thoughts",
      says("", {
        ...CUT,
        usage: {
          ...{ prompt_tokens: 100, completion_tokens: 20 },
          completion_tokens_details: { reasoning_tokens: 20 },
        },
      }),
    ],
  ])("a model that is cut by %s may think longer from then on", async (_, reply) => {
    playReplies(reply, says(ANSWER));
    const chat = model({ contextTokens: 9000 });
    const { signal } = new AbortController();

    await chat.complete(REQUEST, signal);
    await chat.complete({ ...REQUEST, maxOutputTokens: 5000 }, signal);

    const [first, second, third] = server().requests.map(({ body }) => body.max_tokens);
    expect([first, second]).toEqual([50, 50 + 8192]);
    // As much as the context has room for.
    expect(third).toBeGreaterThan(8000);
    expect(third).toBeLessThan(9000 - 20);
  });

  test("a model that is cut without thoughts gets no more tokens", async () => {
    playReplies(says('{"speaker":"c1', CUT), says(ANSWER));

    await ask();

    expect(server().requests.map(({ body }) => body.max_tokens)).toEqual([50, 50]);
  });

  test("an answer that is cut twice is unusable", async () => {
    playReplies(says('{"speaker":"c1', { finishReason: "length" }));

    await expect(ask()).rejects.toMatchObject({
      name: "UnusableAnswerError",
      message: "The language model did not end its answer.",
      usage: ASKED_TWICE,
    });
  });

  test.each<[what: string, reply: PlayedReply]>([
    ["a refusal", says("", { message: { content: null, refusal: "I cannot help." } })],
    ["a filter", says("{", { finishReason: "content_filter" })],
  ])("%s makes the answer unusable at once", async (_, reply) => {
    playReplies(reply);

    await expect(ask()).rejects.toMatchObject({
      name: "UnusableAnswerError",
      message: "The language model refused to answer.",
      usage: ASKED_ONCE,
    });
    expect(server().requests).toHaveLength(1);
  });

  test("a refusal after the demand for JSON counts both requests", async () => {
    playReplies(says("No."), says("", { finishReason: "content_filter" }));

    await expect(ask()).rejects.toMatchObject({ usage: ASKED_TWICE });
  });
});
