import { ApolloServer } from "@apollo/server";
import { type ApiApp, apiApp, signed, tokenFor } from "../../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ bucketSize: { capacity: 1_000_000, perSecond: 0 } });
});
afterAll(() => app.close());

const QUERY = "query Page($first: Int! = 2) { stories(first: $first) { edges { node { id } } } }";
const TWO = "query One { __typename } query Two { viewer { id } }";

const SUBSCRIPTION = 'subscription { storyAnalysisProgress(storyId: "x") { __typename } }';

interface Asked {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const cases: Readonly<Record<string, Asked>> = {
  "a query": { body: { query: QUERY } },
  "a query with variables": { body: { query: QUERY, variables: { first: 1 } } },
  "members that are null": {
    body: { query: QUERY, variables: null, operationName: null, extensions: null },
  },
  "one of two operations": { body: { query: TWO, operationName: "One" } },
  "none of two operations": { body: { query: TWO } },
  "an unknown operation": { body: { query: TWO, operationName: "Three" } },
  "a variable of a wrong type": { body: { query: QUERY, variables: { first: "many" } } },
  "an argument that a resolver refuses": { body: { query: QUERY, variables: { first: 1_000 } } },
  "an error beside data": { body: { query: '{ __typename node(id: "no id") { id } }' } },
  "an operation that is too costly": {
    body: {
      query:
        "{ stories(first: 100) { edges { node { analysis { segments(first: 100) { edges { node { text } } } } } } } }",
    },
  },
  "a mutation that the viewer may not run": {
    body: { query: 'mutation { deleteStory(input: { id: "x" }) { userErrors { code } } }' },
  },
  "a subscription": { body: { query: SUBSCRIPTION } },
  "an invalid subscription": { body: { query: "subscription { nothing }" } },
  "a list of variables": { body: { query: QUERY, variables: [1] } },
  "a name that is a number": { body: { query: QUERY, operationName: 7 } },
  "an unknown persisted query": {
    body: { query: QUERY, extensions: { persistedQuery: { version: 1, sha256Hash: "0" } } },
  },
  "a batch": { body: [{ query: QUERY }] },
  "no query": { body: { variables: {} } },
  "a syntax error": { body: { query: "{" } },
  "another charset": {
    body: { query: QUERY },
    headers: { "content-type": "application/json; charset=utf-8" },
  },
  "a form": {
    body: { query: QUERY },
    headers: { "content-type": "application/x-www-form-urlencoded" },
  },
  "only HTML": { body: { query: QUERY }, headers: { accept: "text/html" } },
  "the media type of GraphQL": {
    body: { query: QUERY },
    headers: { accept: "application/graphql-response+json" },
  },
};

/** Asks as Ada. The answer has no facts that differ for each request. */
async function ask({ body, headers = {} }: Asked, accept: string) {
  const response = await fetch(app.url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      authorization: await signed(tokenFor("ada")),
      accept,
      ...headers,
    },
  });
  const text = await response.text();
  const facts = Object.fromEntries(response.headers);
  delete facts["date"];
  delete facts["content-length"];
  return {
    status: response.status,
    headers: facts,
    text: text
      .replace(/"(remaining|timeMs)":[\d.]+/g, '"$1":0')
      .replace(/[\da-f]{8}-[\da-f-]{27}/g, "(an id)"),
  };
}

/** Apollo answers each value with the same media type. Only with the first, Fabula answers directly. */
const DIRECTLY = "application/json";
const BY_APOLLO = "application/json, text/*;q=0.1";

test.each(Object.entries(cases))("%s has the answer that Apollo gives", async (_name, asked) => {
  const first = await ask(asked, DIRECTLY);
  const again = await ask(asked, DIRECTLY);
  const apollo = await ask(asked, BY_APOLLO);

  expect(again).toEqual(apollo);
  expect(first).toEqual(apollo);
});

test("Apollo answers a document once, and then only requests that are not usual", async () => {
  const apollo = import.meta.jest.spyOn(ApolloServer.prototype, "executeHTTPGraphQLRequest");
  const asked = { body: { query: "query AskedTwice { __typename }" } };
  const counts: number[] = [];
  for (const accept of [DIRECTLY, DIRECTLY, BY_APOLLO]) {
    await ask(asked, accept);
    counts.push(apollo.mock.calls.length);
  }
  apollo.mockRestore();

  expect(counts).toEqual([1, 1, 2]);
});

test("an operation whose answer has errors is executed once and paid once", async () => {
  const mutation = `mutation { createStory(input: { title: "Mist", content: "It was late." }) {
    story { userNarrations(first: 1000) { edges { node { id } } } } } }`;
  const remaining: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const answer = await app.as("ben").query(mutation);
    expect(answer.errors).toMatchObject([{ path: ["createStory", "story", "userNarrations"] }]);
    remaining.push(answer.json.extensions?.cost?.remaining ?? NaN);
  }
  const [first = NaN, second = NaN, third = NaN, fourth = NaN] = remaining;

  expect(await app.superuser("SELECT FROM reference.stories WHERE title = 'Mist'")).toHaveLength(4);
  expect(first - second).toBeGreaterThan(100);
  expect([second - third, third - fourth]).toEqual([first - second, first - second]);
});

test("a subscription over HTTP is refused with the way to run it", async () => {
  const { status, text } = await ask({ body: { query: SUBSCRIPTION } }, DIRECTLY);

  expect(status).toBe(400);
  expect(text).toContain("Subscriptions need a WebSocket.");
  expect(text).toContain("BAD_USER_INPUT");
});
