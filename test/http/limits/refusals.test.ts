import { type ApiApp, apiApp } from "../../support/api.js";
import { SocketClient } from "../../api/harness/socket.client.js";
import { UPGRADE_HEADERS, postText, requestText, sendRaw } from "../raw.client.js";

const MAX_BYTES = 2_048;

let app: ApiApp;
let developmentApp: ApiApp;
beforeAll(async () => {
  app = await apiApp({ isProduction: true });
  developmentApp = await apiApp();
});
afterAll(async () => {
  await app.close();
  await developmentApp.close();
});

const queryText = (query: string, more: object = {}): string =>
  postText(JSON.stringify({ query, ...more }));
const upgradeText = (headers: Record<string, string | number>, path = "/graphql"): string =>
  requestText(`GET ${path}`, { ...UPGRADE_HEADERS, ...headers });

const ANSWERS: readonly [name: string, status: number, text: string][] = [
  ["a query", 200, queryText("{ __typename }")],
  ["a query that is not valid", 200, queryText("{ nothing }")],
  ["a query that cannot be parsed", 200, queryText("{")],
  ["a body that is no JSON", 400, postText("{")],
  ["a body of another type", 415, postText("a=1", { "content-type": "text/csv" })],
  ["a body that is too large", 413, postText("", { "content-length": 9_000_001 })],
  ["a query in the address", 200, requestText("GET /graphql?query={__typename}")],
  ["a token that is not valid", 401, postText("{}", { authorization: "Bearer a.b.c" })],
  ["an unknown method", 405, requestText("PUT /graphql")],
  ["an unknown path", 404, requestText("GET /nothing")],
  ["a preflight", 204, requestText("OPTIONS /graphql", preflightHeaders())],
  ["a path that is not valid", 400, requestText("GET /graphql%")],
  ["text that is no HTTP", 400, "GRAPHQL\r\n\r\n"],
  ["an upgrade of a foreign page", 401, upgradeText({ origin: "https://evil.example" })],
  ["an upgrade without a key", 400, upgradeText({ "sec-websocket-key": "" })],
  ["an upgrade with an unknown version", 400, upgradeText({ "sec-websocket-version": 7 })],
];

function preflightHeaders(): Record<string, string> {
  return { origin: "http://localhost:3000", "access-control-request-method": "POST" };
}

test.each(ANSWERS)(
  "the answer to %s is not stored and not sniffed",
  async (_name, status, text) => {
    const answer = await sendRaw(app.url, text);

    expect(answer.status).toBe(status);
    expect(answer.head).toContain("cache-control: no-store");
    expect(answer.head).toContain("x-content-type-options: nosniff");
    expect(answer.sizeBytes).toBeLessThanOrEqual(MAX_BYTES);
  },
);

test.each(["PUT", "DELETE", "TRACE", "PATCH"])(
  "the API says which methods it takes instead of %s",
  async (method) => {
    const answer = await sendRaw(app.url, requestText(`${method} /graphql`));

    expect(answer.status).toBe(405);
    expect(answer.head.toLowerCase()).toContain("allow: get, post");
    expect(answer.body).toContain(`This path does not take ${method}. Send GET or POST.`);
  },
);

test("an OPTIONS that no page sends is answered without a text", async () => {
  const answer = await sendRaw(app.url, requestText("OPTIONS /graphql"));

  expect(answer.status).toBe(204);
});

test("a body of another type says which type to send", async () => {
  const answer = await sendRaw(app.url, postText("a=1", { "content-type": "text/csv" }));

  expect(answer.body).toContain("Send the body as JSON, with content-type: application/json.");
});

const HUGE = "h".repeat(60_000);
const many = (count: number, of: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => of(at)).join(" ");
const NAME_IN_VARIABLE = `mutation ($input: CreateStoryInput!) { createStory(input: $input) { story { id } } }`;

/** Queries that the server refuses. A naive server would answer with very large errors. */
const ATTACKS: readonly [name: string, query: string, more?: object][] = [
  ["many unknown fields", `{ ${many(400, (at) => `unknown${at}`)} }`],
  ["many unknown fields with long names", `{ ${many(50, (at) => `u${at}${"x".repeat(1_000)}`)} }`],
  ["a huge field", `{ ${HUGE} }`],
  ["a huge alias", `{ ${HUGE}: __typename }`],
  [
    "a huge alias of a failing mutation",
    `mutation { ${HUGE}: createStory(input: {}) { story { id } } }`,
  ],
  ["a huge operation name", `query ${HUGE} { unknown }`],
  [
    "an unknown operation name",
    "query A { __typename } query B { __typename }",
    { operationName: HUGE },
  ],
  ["a huge variable name", `query ($${HUGE}: Int) { __typename }`],
  ["a huge type", `query ($a: ${HUGE}) { __typename }`],
  ["a huge argument", `{ stories(${HUGE}: 1) { totalCount } }`],
  ["a huge directive", `{ __typename @${HUGE} }`],
  ["a huge fragment", `{ ...${HUGE} }`],
  ["a huge enum value", `{ stories(orderBy: ${HUGE}) { totalCount } }`],
  ["a huge string for a number", `{ stories(first: "${HUGE}") { totalCount } }`],
  [
    "a huge string of control characters",
    `{ stories(first: "${"\\u0001".repeat(9_000)}") { totalCount } }`,
  ],
  ["a huge string of emoji", `{ stories(first: "${"🦔".repeat(9_000)}") { totalCount } }`],
  ["a huge token in a syntax error", `{ a(: ${HUGE} }`],
  ["a huge string in a syntax error", `{ a("${HUGE}" }`],
  ["one name that many operations have", many(200, () => "query Q { __typename }")],
  ["fields that conflict", `{ ${many(14, (at) => `a: node(id: ${at}) { id }`)} }`],
  [
    "many unknown variables",
    NAME_IN_VARIABLE,
    {
      variables: {
        input: Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`unknown${at}`, at])),
      },
    },
  ],
  [
    "a huge value of a variable",
    NAME_IN_VARIABLE,
    { variables: { input: { title: [HUGE], content: {} } } },
  ],
  ["a huge key of a variable", NAME_IN_VARIABLE, { variables: { input: { [HUGE]: 1 } } }],
  ["too many tokens", `{ ${many(900, () => "a")} ${many(900, () => "b")} }`],
  ["too many aliases", `{ ${many(100, (at) => `a${at}: __typename`)} }`],
];

describe.each([
  ["in production", () => app],
  ["in development", () => developmentApp],
])("%s a refusal has at most 2 KB", (_name, server) => {
  test.each(ATTACKS)("over HTTP: %s", async (_attack, query, more = {}) => {
    const answer = await sendRaw(server().url, queryText(query, more));

    expect(answer.body).toContain('"errors":[{"message":');
    expect(answer.sizeBytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  test.each(ATTACKS)("over WebSocket: %s", async (_attack, query, more = {}) => {
    const client = await SocketClient.open(server().url);

    client.send({ type: "subscribe", id: "1", payload: { query, ...more } });
    await client.until((messages) => messages.some(({ id }) => id === "1"));
    await client.close();

    const [answer] = client.messages.filter(({ id }) => id === "1");
    expect(JSON.stringify(answer)).toContain('"message":');
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(MAX_BYTES);
  });
});

test.each<[name: string, text: string]>([
  ["a huge path", requestText(`GET /${"p".repeat(10_000)}`)],
  ["a huge path that is not valid", requestText(`GET /${"p".repeat(10_000)}%`)],
  ["a huge content type", postText("x", { "content-type": `text/${"x".repeat(10_000)}` })],
  ["a huge key of JSON", postText(`{"${HUGE}": nothing}`)],
  ["huge headers", requestText("GET /graphql", { "x-huge": HUGE })],
  [
    "a huge method of a query",
    requestText(`GET /graphql?query=${"q".repeat(9_000)}`, {
      accept: "application/graphql-response+json",
    }),
  ],
  ["a huge subprotocol", upgradeText({ "sec-websocket-protocol": "x,".repeat(4_000) })],
])("%s is refused with at most 2 KB", async (_name, text) => {
  const answer = await sendRaw(app.url, text);

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.sizeBytes).toBeLessThanOrEqual(MAX_BYTES);
});

test("an error keeps its beginning and its reason, and the number of the others is told", async () => {
  const [long, listed] = await Promise.all([
    app.anonymous().query(`{ stories(first: "${HUGE}") { totalCount } }`),
    app.anonymous().query(`{ ${many(400, (at) => `unknown${at}`)} }`),
  ]);

  expect(long.errors[0]?.message).toMatch(/^Int cannot represent non-integer value: "h+…h+"$/);
  expect(listed.errors[0]?.message).toBe('Cannot query field "unknown0" on type "Query".');
  expect(listed.errors.at(-1)?.message).toMatch(/not shown: \d+/);
});

const MISSPELLED: readonly [name: string, query: string, variables?: object][] = [
  ["a field", "{ storys { totalCount } }"],
  ["an argument", "{ stories(frist: 1) { totalCount } }"],
  ["a type", "query ($a: Strin) { __typename }"],
  ["an enum value", "{ voiceModulationTemplates(types: [EMOTIO]) { totalCount } }"],
  ["a field of a type condition", "{ node(id: 1) { titel slug } }"],
  ["a field of a variable", NAME_IN_VARIABLE, { input: { title: "T", contents: "C" } }],
];

test.each(MISSPELLED)(
  "in production no error suggests %s",
  async (_name, query, variables = {}) => {
    const [production, development] = await Promise.all([
      app.anonymous().query(query, variables),
      developmentApp.anonymous().query(query, variables),
    ]);
    const client = await SocketClient.open(app.url);
    client.subscribe("1", query, variables);
    await client.until((messages) => messages.some(({ id }) => id === "1"));
    await client.close();

    expect(production.errors).not.toEqual([]);
    expect(production.body).not.toContain("Did you mean");
    expect(JSON.stringify(client.messages)).not.toContain("Did you mean");
    expect(development.body).toContain("Did you mean");
  },
);

test("the reason of a closed socket is short, whatever the client sent", async () => {
  const ended = async (send: (socket: WebSocket) => void): Promise<CloseEvent> => {
    const socket = new WebSocket(app.url.replace(/^http/, "ws"), "graphql-transport-ws");
    const closed = new Promise<CloseEvent>((resolve) => {
      socket.addEventListener("close", resolve);
    });
    socket.addEventListener("open", () => {
      send(socket);
    });
    return closed;
  };
  const subscribe = (id: string) =>
    JSON.stringify({ type: "subscribe", id, payload: { query: "{ __typename }" } });
  const long = await ended((socket) => {
    socket.send(JSON.stringify({ type: "connection_init" }));
    socket.addEventListener("message", () => {
      socket.send(subscribe("é".repeat(30_000)));
    });
  });
  const invalid = await ended((socket) => {
    socket.send("x".repeat(60_000));
  });
  const refused = await ended((socket) => {
    const authorization = `Bearer ${"a".repeat(20_000)}.b.c`;
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));
  });

  expect([long.code, long.reason]).toEqual([
    4400,
    "The id of an operation has more than 128 characters. Send a shorter id.",
  ]);
  expect(invalid.code).toBe(4400);
  expect(refused.code).toBe(4403);
  for (const { reason } of [invalid, refused]) expect(reason.length).toBeLessThanOrEqual(123);
});
