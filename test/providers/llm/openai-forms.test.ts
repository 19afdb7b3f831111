import { type Play, type PlayedReply, refuses, says } from "../../support/language-model-server.js";
import { ANSWER, REQUEST, SCHEMA, asking, failureOf } from "./asking.js";

const { server, model, play, playReplies, ask } = asking();

const { signal } = new AbortController();

/** A server that refuses requests with this part. */
const without =
  (refusal: PlayedReply, hasPart: (body: ReturnType<typeof bodies>[number]) => boolean): Play =>
  ({ body }) =>
    hasPart(body) ? refusal : says(ANSWER);

const bodies = () => server().requests.map(({ body }) => body);
const formats = () => bodies().map(({ response_format: format }) => format?.type ?? "none");

test.each<[server: string, refusal: PlayedReply]>([
  [
    "OpenAI",
    refuses(400, {
      message:
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
      ...{ type: "invalid_request_error", param: null, code: null },
    }),
  ],
  ["DeepSeek", refuses(400, { message: "This response_format type is unavailable now" })],
  ["llama.cpp", refuses(500, { code: 500, message: "failed to parse grammar" })],
  ["OpenRouter", refuses(404, { message: "No endpoints found for the parameters.", code: 404 })],
  ["FastAPI", { status: 422, body: { detail: [{ loc: ["body", "response_format"], msg: "no" }] } }],
  [
    "vLLM",
    {
      status: 400,
      body: { object: "error", message: "The provided JSON schema contains features", code: 400 },
    },
  ],
  ["a server without reasons", { status: 415, body: "" }],
  ["a server that does not know the parameter", { status: 501, body: "Not implemented" }],
])("if %s refuses the schema, the schema goes into the prompt", async (_, refusal) => {
  play(without(refusal, ({ response_format: format }) => format?.type === "json_schema"));

  expect((await ask()).value).toEqual(ANSWER);
  expect(formats()).toEqual(["json_schema", "json_object"]);
  const [system, user] = bodies()[1]?.messages ?? [];
  expect(system?.role).toBe("system");
  expect(system?.content).toMatch(/^Say who speaks\.\n\nAnswer with one JSON object/);
  expect(system?.content).toContain(JSON.stringify(SCHEMA));
  expect(user).toEqual(REQUEST.messages[1]);
});

test("if a server knows no form of JSON, the prompt alone asks for JSON", async () => {
  play(
    without(refuses(400, "unknown field: response_format"), ({ response_format: format }) =>
      Boolean(format),
    ),
  );

  expect((await ask()).value).toEqual(ANSWER);
  expect(formats()).toEqual(["json_schema", "json_object", "none"]);
  expect(bodies()[2]).not.toHaveProperty("response_format");
});

test("messages without a system message get one for the schema", async () => {
  play(({ body }) => (body.response_format ? refuses(400) : says(ANSWER)));
  const messages = REQUEST.messages.slice(1);

  await model().complete({ ...REQUEST, messages }, signal);

  const last = bodies().at(-1)?.messages ?? [];
  expect(last.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(last[0]?.content).toContain(JSON.stringify(SCHEMA));
});

const MAX_TOKENS = refuses(400, {
  message:
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  ...{ type: "invalid_request_error", param: "max_tokens", code: "unsupported_parameter" },
});
const TEMPERATURE = refuses(400, {
  message: "Unsupported value: 'temperature' does not support 0 with this model.",
  ...{ type: "invalid_request_error", param: "temperature", code: "unsupported_value" },
});

test("newer models of OpenAI get the name of the limit that they know and no temperature, and keep the schema", async () => {
  play(({ body }) => {
    if (body.max_tokens !== undefined) return MAX_TOKENS;
    return body.temperature === undefined ? says(ANSWER) : TEMPERATURE;
  });

  expect((await ask()).value).toEqual(ANSWER);
  expect(formats()).toEqual(["json_schema", "json_schema", "json_schema"]);
  expect(bodies()[2]).toMatchObject({ max_completion_tokens: 50 });
  expect(bodies()[2]).not.toHaveProperty("max_tokens");
  expect(bodies()[2]).not.toHaveProperty("temperature");
});

test("the form that a server accepted is used from the start of the next request", async () => {
  play(without(refuses(400), ({ response_format: format }) => format?.type === "json_schema"));
  const chat = model();

  await chat.complete(REQUEST, signal);
  await chat.complete(REQUEST, signal);

  expect(formats()).toEqual(["json_schema", "json_object", "json_object"]);
});

test("a request that no form can save is refused, and changes no other request", async () => {
  playReplies(...Array.from({ length: 5 }, () => refuses(400, "Bad request")), says(ANSWER));
  const chat = model();

  await expect(chat.complete(REQUEST, signal)).rejects.toMatchObject({
    ...{ name: "ProviderError", retryable: false, message: "The language model answered 400." },
  });
  expect(formats()).toEqual(["json_schema", "json_object", "none", "none", "none"]);
  await chat.complete(REQUEST, signal);
  expect(bodies()[5]).toEqual(bodies()[0]);
});

test("a limit that stays refused under both names is not asked in other forms", async () => {
  playReplies(refuses(400, { message: "max_tokens is too large: 50.", param: "max_tokens" }));

  await expect(ask()).rejects.toMatchObject({ retryable: false });
  expect(formats()).toEqual(["json_schema", "json_schema"]);
});

test.each<[what: string, refusal: (request: object) => PlayedReply]>([
  [
    "parameter",
    (body) => refuses(400, { message: JSON.stringify(body), param: "response_format" }),
  ],
  [
    "place",
    (input) => ({ status: 422, body: { detail: [{ loc: ["body", "response_format"], input }] } }),
  ],
])(
  "an error that names a %s gives up this part alone, although it repeats the request",
  async (_, refuse) => {
    play(({ body }) =>
      body.response_format?.type === "json_schema" ? refuse(body) : says(ANSWER),
    );

    await ask();

    expect(bodies()).toHaveLength(2);
    expect(bodies()[1]).toMatchObject({ max_tokens: 50, temperature: 0 });
  },
);

test("an overload during the change of the form is tried again in the same form", async () => {
  playReplies(refuses(400), refuses(503), says(ANSWER));

  expect((await ask()).value).toEqual(ANSWER);
  expect(formats()).toEqual(["json_schema", "json_object", "json_object"]);
});

test("the answer to a demand for JSON keeps the form, too", async () => {
  playReplies(refuses(400), says("The prince."), says(ANSWER));

  expect(await failureOf(ask())).toBeUndefined();
  expect(formats()).toEqual(["json_schema", "json_object", "json_object"]);
  expect(bodies()[2]?.messages[0]?.content).toContain(JSON.stringify(SCHEMA));
});
