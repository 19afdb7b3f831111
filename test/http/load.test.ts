import { createClient } from "graphql-ws";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { type HeldRow, gate, holdRow, untilBlocked, untilUnblocked } from "../support/blocked.js";

const STORIES = "{ stories { totalCount } }";
const PROGRESS = "subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status } }";

/**
 * A limit between two times. If a client leaves, the server promises to end the client's statement
 * within 250 ms. Without this promise, only the timeout of 5 s would end the statement.
 */
const SOON_MS = 2_500;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ poolSize: 2, databaseLimits: { waitTimeoutMs: 200, maxWaiting: 100 } });
});
afterAll(() => app.close());

/** Makes every read of stories wait until `release` is called. */
const holdStories = (): Promise<HeldRow> =>
  holdRow(app.testDatabase, "LOCK TABLE reference.stories IN ACCESS EXCLUSIVE MODE");

describe("the statement of a client that leaves ends soon", () => {
  let held: HeldRow;
  beforeEach(async () => {
    held = await holdStories();
  });
  afterEach(() => held.release());

  const endsSoon = async (leave: () => unknown): Promise<void> => {
    await untilBlocked(app.testDatabase, 1);
    const leftAt = performance.now();
    await leave();
    await untilUnblocked(app.testDatabase);
    expect(performance.now() - leftAt).toBeLessThan(SOON_MS);
  };

  test("over HTTP", async () => {
    const leaving = new AbortController();
    const asking = fetch(app.url, {
      method: "POST",
      body: JSON.stringify({ query: STORIES }),
      headers: { "content-type": "application/json" },
      signal: leaving.signal,
    }).catch(() => undefined);

    await endsSoon(() => {
      leaving.abort();
    });
    await asking;
  });

  test.each([
    ["a query", "complete", STORIES],
    ["a query", "close", STORIES],
    ["the first read of a subscription", "complete", PROGRESS],
    ["the first read of a subscription", "close", PROGRESS],
  ])("over WebSocket, %s, client: %s", async (_name, how, query) => {
    const client = createClient({
      url: app.url.replace(/^http/, "ws"),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const ended = gate();
    const sink = {
      next: () => undefined,
      error: () => {
        ended.open();
      },
      complete: () => {
        ended.open();
      },
    };
    const complete = client.subscribe(
      { query, variables: { id: toGlobalId("ReferenceStory", 1) } },
      sink,
    );

    await endsSoon(() => {
      if (how === "complete") complete();
      else client.terminate();
    });
    await ended.opened;
    await client.dispose();
  });
});

test("a request that waits too long for a connection gets status 503 and a time to try again", async () => {
  const held = await holdStories();
  const served = [app.anonymous().query(STORIES), app.anonymous().query(STORIES)];
  await untilBlocked(app.testDatabase, 2);

  const refused = await app.anonymous().query(STORIES);
  const health = await fetch(app.url.replace("/graphql", "/health"));
  await held.release();

  expect([refused.status, refused.code]).toEqual([503, "OVERLOADED"]);
  expect(refused.headers.get("retry-after")).toBe("3");
  expect(refused.errors[0]?.extensions["retryAfter"]).toBe(3);
  expect(health.status).toBe(200);
  for (const answer of await Promise.all(served)) expect(answer.status).toBe(200);
});

test("each of 128 simultaneous clients gets an answer or status 503 OVERLOADED", async () => {
  const answers = await Promise.all(
    Array.from({ length: 128 }, () => app.anonymous().query(STORIES)),
  );

  const served = answers.filter(({ status, errors }) => status === 200 && errors.length === 0);
  const refused = answers.filter(({ status, code }) => status === 503 && code === "OVERLOADED");
  expect(served.length + refused.length).toBe(128);
  expect(served.length).toBeGreaterThan(0);
  expect((await app.anonymous().query(STORIES)).status).toBe(200);
});
