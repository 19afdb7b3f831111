import { ProviderError } from "../../../src/platform/errors.js";
import { ContextOverflowError } from "../../../src/providers/llm/llm.port.js";
import { type PlayedReply, refuses, says } from "../../support/language-model-server.js";
import { ANSWER, ASKED_ONCE, KEY, REQUEST, asking, failureOf } from "./asking.js";

const { server, model, play, playReplies, ask, waits } = asking();

describe("contexts", () => {
  test.each<[server: string, reply: PlayedReply]>([
    [
      "OpenAI",
      refuses(400, {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        ...{ type: "invalid_request_error", param: "messages", code: "context_length_exceeded" },
      }),
    ],
    [
      "an older vLLM",
      {
        status: 400,
        body: {
          object: "error",
          message:
            "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens.",
          ...{ type: "BadRequestError", param: null, code: 400 },
        },
      },
    ],
    [
      "llama.cpp",
      refuses(400, {
        code: 400,
        message: "request (9000 tokens) exceeds the available context size (4096 tokens)",
        ...{ type: "exceed_context_size_error", n_prompt_tokens: 9000, n_ctx: 4096 },
      }),
    ],
    [
      "an older llama.cpp",
      refuses(500, { code: 500, message: "Context size has been exceeded.", type: "server_error" }),
    ],
    [
      "a server that answers 200 with an error",
      { body: { error: { code: 400, type: "exceed_context_size_error" } } },
    ],
    ["Ollama", refuses(400, { message: "the input length exceeds the context length" })],
    ["a proxy", { status: 413, headers: { "content-type": "text/html" }, body: "<html></html>" }],
  ])("a prompt that is too long for %s is an overflow, at once", async (_, reply) => {
    playReplies(reply);

    const error = await failureOf(ask());

    expect(error).toBeInstanceOf(ContextOverflowError);
    expect(error).toMatchObject({ retryable: false, usage: { requests: 0 } });
    expect(server().requests).toHaveLength(1);
  });

  test("a request that is longer than the context is not sent, because some servers would cut it", async () => {
    playReplies(says(ANSWER));

    const error = await failureOf(ask({ contextTokens: 80 }));

    expect(error).toBeInstanceOf(ContextOverflowError);
    expect(server().requests).toHaveLength(0);
  });

  test("an overflow in the demand for JSON makes the first answer unusable", async () => {
    playReplies(says("The prince."), refuses(400, { code: "context_length_exceeded" }));

    await expect(ask()).rejects.toMatchObject({ name: "UnusableAnswerError", usage: ASKED_ONCE });
  });
});

test("failures that may pass are tried again, as late as the server asks", async () => {
  playReplies(
    refuses(429, undefined, { "retry-after": "7" }),
    refuses(503, undefined, { "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" }),
    { status: 200, headers: { "content-type": "text/html" }, body: "<html>Back soon</html>" },
    says(ANSWER),
  );

  expect((await ask()).value).toEqual(ANSWER);
  expect(waits).toEqual([7000, 9000, 2000]);
});

test.each<[what: string, reply: PlayedReply]>([
  ["a rate limit", refuses(429)],
  ["an outage", refuses(502, "bad gateway")],
  ["a broken connection", {}],
  ["a page", { body: "<html>" }],
  ["an error in a good reply", { body: { error: { message: "Overloaded", code: 502 } } }],
])("%s on the last attempt may be tried again later", async (_, reply) => {
  playReplies(reply);

  const error = await failureOf(ask({ maxAttempts: 2 }));

  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ retryable: true });
  expect(server().requests).toHaveLength(2);
});

test("a reply of an unknown form is not tried again, because each attempt may cost money", async () => {
  playReplies({ body: { choices: [] } });

  await expect(ask()).rejects.toMatchObject({
    ...{ name: "ProviderError", retryable: false },
  });
  expect(server().requests).toHaveLength(1);
});

test.each([
  [401, "invalid_api_key", "The language model answered 401 (invalid_api_key). Check its key."],
  [404, "model_not_found", "The language model answered 404 (model_not_found). Check LLM_MODEL."],
])("a refusal with %i tells what to check", async (status, code, message) => {
  playReplies(refuses(status, { message: `Incorrect API key provided: ${KEY}`, code }));

  await expect(ask()).rejects.toMatchObject({ retryable: false, message });
  expect(server().requests).toHaveLength(1);
});

test("a server that is too slow may be tried again later", async () => {
  play(() => new Promise(() => undefined));

  await expect(ask({ timeoutMs: 50, maxAttempts: 1 })).rejects.toMatchObject({
    ...{ retryable: true, message: "The language model did not answer within 50 ms." },
  });
});

test("an abort during the wait for an answer fails with the signal's reason", async () => {
  const controller = new AbortController();
  play(() => {
    controller.abort(new Error("The text was archived."));
    return new Promise(() => undefined);
  });

  await expect(model().complete(REQUEST, controller.signal)).rejects.toThrow("archived");
});

test("a redirect is not followed, because a redirect would send the key to another server", async () => {
  playReplies(refuses(307, undefined, { location: server().url }));

  await expect(ask()).rejects.toMatchObject({ code: "PROVIDER_FAILED", retryable: false });
  expect(server().requests).toHaveLength(1);
});

test("a host name in a private network is refused unless allowed", async () => {
  playReplies(says(ANSWER));
  const baseUrl = server().url.replace("127.0.0.1", "localhost");

  await expect(ask({ baseUrl })).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining("set LLM_ALLOW_PRIVATE=true"),
  });
  expect(server().requests).toEqual([]);
  expect((await ask({ baseUrl, allowsPrivateHost: true })).value).toEqual(ANSWER);
});

test("at most two requests run at the same time", async () => {
  const open: (() => void)[] = [];
  const { promise: areBothOpen, resolve: bothOpen } = Promise.withResolvers<undefined>();
  let [most, isLate] = [0, false];
  play(({ body }) => {
    if (body.model === "late") {
      isLate = true;
      for (const answer of open.splice(0)) answer();
    }
    if (isLate) return says(ANSWER);
    return new Promise((resolve) => {
      most = Math.max(
        most,
        open.push(() => resolve(says(ANSWER))),
      );
      if (most === 2) bothOpen(undefined);
    });
  });
  const chat = model();
  const { signal } = new AbortController();

  const asked = [1, 2, 3, 4].map(() => chat.complete(REQUEST, signal));
  await areBothOpen;
  // A further model has its own limit. Its request arrives after all that the first model may send.
  await model({ model: "late" }).complete(REQUEST, signal);

  expect((await Promise.all(asked)).map(({ value }) => value)).toEqual(
    Array.from({ length: 4 }, () => ANSWER),
  );
  expect(most).toBe(2);
});

test.each<[vendor: string, error: object]>([
  [
    "Azure",
    {
      message:
        "The response was filtered due to the prompt triggering a content management policy.",
      ...{ code: "content_filter", param: "prompt", type: null, status: 400 },
      innererror: { code: "ResponsibleAIPolicyViolation" },
    },
  ],
  ["OpenAI", { code: "content_policy_violation", type: "invalid_request_error", param: null }],
])("a prompt that the filter of %s refuses is a refusal to answer, at once", async (_, error) => {
  playReplies(refuses(400, error));

  await expect(ask()).rejects.toMatchObject({
    name: "UnusableAnswerError",
    usage: { inputTokens: 0, outputTokens: 0, requests: 0 },
  });
  expect(server().requests).toHaveLength(1);
});

test("an outage with a long page may pass like any other", async () => {
  playReplies(
    { status: 503, headers: { "content-type": "text/html" }, body: "x".repeat(3_000_000) },
    says(ANSWER),
  );

  expect((await ask()).value).toEqual(ANSWER);
});

test("an answer without an end is unusable, and counts as long as the request allows", async () => {
  playReplies(says("x".repeat(10_000)));

  await expect(ask({ maxBytes: 5_000 })).rejects.toMatchObject({
    name: "UnusableAnswerError",
    usage: { outputTokens: REQUEST.maxOutputTokens, requests: 1 },
  });
  expect(server().requests).toHaveLength(1);
});
