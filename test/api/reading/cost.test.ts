import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import type { Answer } from "../harness/answer.js";
import { NESTED_PAGE } from "../harness/documents.js";
import { type ServerLog, serverLog } from "../harness/server-log.js";

/** A query of less than 200 bytes that asks for more than 100 million objects. */
const ATTACK = `{${"stories(first:100){edges{node{voiceModulationTemplates(first:100){edges{node{".repeat(2)}id${"}".repeat(13)}`;
/** A query that costs about 19,000. */
const EXPENSIVE =
  "{ stories(first: 95) { edges { node { publicNarrations(first: 97) { edges { node { id } } } } } } }";
const CHEAP = "{ stories(first: 1) { edges { node { id } } } }";

/** Refills so slowly that no test notices the refill. */
const SLOW_BUCKET = { capacity: 40_000, perSecond: 1 };

let database: TestDatabase;
let log: ServerLog;
beforeAll(async () => {
  database = await cloneDatabase();
  log = await serverLog(database);
});
afterAll(() => database.drop());

let app: ApiApp;
afterEach(() => app.close());

const start = async (options: Parameters<typeof apiApp>[0] = {}): Promise<void> => {
  app = await apiApp({ database, bucketSize: SLOW_BUCKET, ...options });
};

describe("an operation beyond the limit", () => {
  test("is refused with the numbers, in a small answer, before any SQL", async () => {
    await start();
    let answer: Answer | undefined;

    const statements = await log.during(async () => {
      answer = await app.anonymous().query(ATTACK);
    });

    expect(statements).toEqual([]);
    expect(answer?.status).toBe(400);
    expect(answer?.body.length).toBeLessThan(2_000);
    expect(answer?.data).toBeUndefined();
    const [error] = answer?.errors ?? [];
    expect(error?.extensions["code"]).toBe("QUERY_TOO_COSTLY");
    expect(error?.extensions["cost"]).toEqual({ requested: expect.any(Number), limit: 20_000 });
    expect(error?.message).toMatch(
      /would cost \d{9,}; the limit is 20000\..*smaller pages with first/s,
    );
    expect(answer?.cost).toMatchObject({ limit: 20_000, remaining: 40_000 });
  });

  test("is refused over a WebSocket too", async () => {
    await start();
    let refusal: Awaited<ReturnType<ReturnType<ApiApp["as"]>["refusal"]>> | undefined;

    const statements = await log.during(async () => {
      refusal = await app.anonymous().refusal(ATTACK);
    });

    expect(statements).toEqual([]);
    const [error] = refusal?.errors ?? [];
    expect(error?.extensions["code"]).toBe("QUERY_TOO_COSTLY");
    expect(error?.extensions["cost"]).toEqual({ requested: expect.any(Number), limit: 20_000 });
  });

  test("does not affect other operations of the same document", async () => {
    await start();
    const query = `query Attack ${ATTACK} query Cheap ${CHEAP}`;

    const answer = await app.anonymous().post(JSON.stringify({ query, operationName: "Cheap" }));

    expect(answer.errors).toEqual([]);
    expect(answer.cost.requested).toBe(5);
  });
});

test("every answer reports its cost and the remaining budget", async () => {
  await start();
  const ada = app.as("ada");

  const http = await ada.query(CHEAP);
  const [socket] = await ada.follow(CHEAP);
  const page = await ada.query(NESTED_PAGE, { first: 100 });
  const introspection = await ada.query("{ __schema { queryType { name } } }");

  expect(http.cost).toEqual({ requested: 5, limit: 20_000, remaining: 39_995 });
  expect(socket?.cost).toEqual({ requested: 5, limit: 20_000, remaining: 39_990 });
  expect(page.cost.requested).toBeLessThanOrEqual(20_000);
  expect(introspection.cost.requested).toBe(0);
  expect(introspection.cost.remaining).toBe(page.cost.remaining);
});

describe("an empty bucket", () => {
  const emptied = async (client: ReturnType<ApiApp["as"]>): Promise<Answer> => {
    expect((await client.query(EXPENSIVE)).errors).toEqual([]);
    expect((await client.query(EXPENSIVE)).errors).toEqual([]);
    return client.query(EXPENSIVE);
  };

  test("refuses with status 429 and a waiting time, before any SQL, also over WebSocket", async () => {
    await start();
    const answer = await emptied(app.as("ada"));
    let refusal: unknown;

    const statements = await log.during(async () => {
      await app.as("ada").query(EXPENSIVE);
      refusal = (await app.as("ada").refusal(EXPENSIVE)).errors[0]?.extensions["code"];
    });

    expect(statements).toEqual([]);
    expect(answer.status).toBe(429);
    expect(answer.body.length).toBeLessThan(2_000);
    expect(answer.code).toBe("RATE_LIMITED");
    const retryAfter = answer.errors[0]?.extensions["retryAfter"];
    expect(answer.headers.get("retry-after")).toBe(String(retryAfter));
    expect(answer.errors[0]?.message).toMatch(
      /would cost \d+; your remaining budget is \d+\. Try again in/,
    );
    expect(refusal).toBe("RATE_LIMITED");
  });

  test("does not affect other users or anonymous viewers", async () => {
    await start();

    expect((await emptied(app.as("ada"))).code).toBe("RATE_LIMITED");

    expect((await app.as("ben").query(EXPENSIVE)).errors).toEqual([]);
    expect((await app.anonymous().query(EXPENSIVE)).errors).toEqual([]);
    expect((await app.as("ada").query(CHEAP)).errors).toEqual([]);
  });

  test("counts for all anonymous viewers of one network behind a trusted proxy", async () => {
    await start({ trustProxy: 1 });
    const from = (address: string) =>
      app.anonymous().post(JSON.stringify({ query: EXPENSIVE }), { "x-forwarded-for": address });
    const refusals = async (...addresses: string[]) =>
      (await Promise.all(addresses.map(from))).filter(({ code }) => code === "RATE_LIMITED").length;

    expect(await refusals("192.0.2.1", "192.0.2.1", "192.0.2.1")).toBe(1);
    expect(await refusals("192.0.2.2", "192.0.2.3", "192.0.2.4")).toBe(0);
    // The proxy adds the last address. A client can forge all addresses before the last one.
    expect(await refusals("1.1.1.1, 192.0.2.9", "2.2.2.2, 192.0.2.9", "3.3.3.3, 192.0.2.9")).toBe(
      1,
    );
    // All IPv6 addresses of one /64 belong to one network.
    expect(await refusals("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:1::3")).toBe(1);
    expect(await refusals("2001:db8:0:2::1", "2001:db8:0:3::1")).toBe(0);
  });

  test("ignores X-Forwarded-For without a trusted proxy", async () => {
    await start();
    const answers = await Promise.all(
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map((address) =>
        app.anonymous().post(JSON.stringify({ query: EXPENSIVE }), { "x-forwarded-for": address }),
      ),
    );

    expect(answers.filter(({ code }) => code === "RATE_LIMITED")).toHaveLength(1);
  });
});

test("the same document costs more with larger variables, in any order of requests", async () => {
  await start();
  const query = `query ($first: Int, $ids: [ID!]!, $with: Boolean!) {
    stories(first: $first) @include(if: $with) { edges { node { id } } } nodes(ids: $ids) { id } }`;
  const costOf = async (variables: object) =>
    (await app.anonymous().query(query, { ids: [], with: true, ...variables })).cost.requested;

  const small = await costOf({ first: 1 });
  const large = await costOf({ first: 100 });
  const unset = await costOf({});
  const smallAgain = await costOf({ first: 1 });
  const manyIds = await costOf({ first: 1, ids: Array.from({ length: 50 }, () => "eA==") });

  expect(large).toBe(small + 99 * 2);
  expect(unset).toBe(small + 19 * 2);
  expect(smallAgain).toBe(small);
  expect(manyIds).toBeGreaterThan(small + 40);
});

test("an operation whose variables are all small costs more with a larger page", async () => {
  await start();
  const query = "query ($first: Int) { stories(first: $first) { edges { node { id } } } }";
  const costOf = async (first: number) =>
    (await app.anonymous().query(query, { first })).cost.requested;

  const costs = [await costOf(1), await costOf(100), await costOf(1), await costOf(50)];

  const [small = 0] = costs;
  expect(costs).toEqual([small, small + 99 * 2, small, small + 49 * 2]);
});

test("an event of a subscription waits until the bucket can pay", async () => {
  const perEvent = 8;
  // The bucket is full again only after 2 s, so a slow computer does not hide the cost of an event.
  await start({ bucketSize: { capacity: perEvent, perSecond: 4 } });
  const story = await app.given.story({ author: "ada", publish: true });
  const id = toGlobalId("ReferenceStory", story.id);
  const events: Answer[] = [];
  const subscription = `subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status story { id } } }`;

  for await (const event of app.as("ada").subscribe(subscription, { id })) {
    events.push(event);
    if (events.length === 1) await app.analyse(story);
  }

  expect(events.at(-1)?.at("storyAnalysisProgress.status")).toBe("READY");
  for (const { cost } of events) {
    expect(cost.requested).toBe(perEvent);
    expect(cost.remaining).toBeLessThan(perEvent);
  }
});

describe("a list that is longer than expected", () => {
  const people = Array.from({ length: 60 }, (_, at) => ({
    id: `c${at}`,
    canonicalName: `Person ${at}`,
    aliases: [],
    role: "minor",
    gender: "unknown",
    ageGroup: "adult",
    description: "",
    mentionCount: 1,
    quoteCount: 0,
  }));

  const crowded = async (stories: number): Promise<void> => {
    await start();
    for (let at = 0; at < stories; at += 1) {
      await app.given.story({
        author: "ada",
        text: `“Well ${at},” said Ann. It rained.`,
        analyse: true,
      });
    }
    await app.superuser("UPDATE reference.story_analyses SET characters = $1", [
      JSON.stringify(people),
    ]);
  };
  afterEach(() => database.clean());

  test("adds the further entries to the cost", async () => {
    await crowded(1);

    const answer = await app
      .anonymous()
      .query("{ stories(first: 1) { edges { node { analysis { characters { id } } } } } }");

    expect(answer.list("stories.edges.0.node.analysis.characters")).toHaveLength(60);
    expect(answer.cost.requested).toBe(1 + 2 + 2 + 1 + 60);
    expect(answer.cost.remaining).toBe(40_000 - 66);
  });

  test("stops an operation whose corrected cost exceeds the limit", async () => {
    await crowded(8);
    const copies = "a b c d e f g h i j k l m n o".split(" ");
    // 8 aliases x 8 stories x 5 aliases of `characters`. The estimate expects 20 characters in each
    // list, but each list has 60.
    const lists = copies.slice(0, 8).map(
      (name) => `${name}: stories(first: 24) { edges { node { analysis {
      ...C } } } }`,
    );
    const query = `{ ${lists.join(" ")} } fragment C on StoryAnalysis { p: characters { id } q: characters { id } r: characters { id } s: characters { id } t: characters { id } }`;

    const answer = await app.anonymous().query(query);

    expect(answer.cost.requested).toBeGreaterThan(20_000);
    expect(answer.code).toBe("QUERY_TOO_COSTLY");
    expect(answer.errors[0]?.message).toMatch(/characters has 60 entries here.*Request fewer/s);
  });
});
