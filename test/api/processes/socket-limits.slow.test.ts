import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, signed, tokenFor } from "../../support/api.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { SocketClient, codeOf } from "../harness/socket.client.js";

const READ = "{ stories(first: 1) { edges { node { id } } } }";
const CREATE = `mutation { createStory(input: { title: "One", content: "The bell rang." }) { story { id } } }`;
const FOLLOW =
  "subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status story { id } } }";
const LOCK = "LOCK TABLE reference.stories IN ACCESS EXCLUSIVE MODE";

let app: ApiApp;
beforeAll(async () => {
  // Each running operation of a socket uses a connection of the pool.
  app = await apiApp({ poolSize: 25 });
});
const clients: SocketClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await app.clean();
});
afterAll(() => app.close());

const opened = async (name: string): Promise<SocketClient> => {
  const client = await SocketClient.open(app.url, await signed(tokenFor(name)));
  clients.push(client);
  return client;
};

const pendingStory = async (): Promise<string> =>
  toGlobalId("ReferenceStory", (await app.given.story({ author: "ada", publish: true })).id);

const startAll = (count: number, start: (id: string) => void): void => {
  for (let at = 0; at < count; at += 1) start(`${at}`);
};

test("1,000 operations on one socket: 20 run, the others are refused at once", async () => {
  const ada = await opened("ada");
  const held = await holdRow(app.testDatabase, LOCK);

  startAll(1_000, (id) => ada.subscribe(id, READ));
  await ada.until(() => ada.of("error").length === 980);
  const other = await app.as("ben").query("{ __typename }");
  await held.release();
  await ada.until(() => ada.of("complete").length === 20);

  expect(new Set(ada.of("error").map(codeOf))).toEqual(new Set(["RATE_LIMITED"]));
  expect(JSON.stringify(ada.of("error")[0]?.payload)).toContain(
    "This connection has 20 operations",
  );
  expect(ada.of("next")).toHaveLength(20);
  expect(other.errors).toEqual([]);
  expect(ada.isOpen).toBe(true);
  ada.subscribe("again", READ);
  await ada.until(() => ada.of("complete").length === 21);
});

test("5,000 subscriptions on one socket: 20 stay, and when one ends, a new one can start", async () => {
  const id = await pendingStory();
  const ada = await opened("ada");

  startAll(5_000, (at) => ada.subscribe(at, FOLLOW, { id }));
  await ada.until(() => ada.of("error").length === 4_980 && ada.of("next").length === 20);

  expect(new Set(ada.of("error").map(codeOf))).toEqual(new Set(["RATE_LIMITED"]));
  expect(ada.isOpen).toBe(true);
  ada.complete("0");
  ada.send({ type: "ping" });
  await ada.until(() => ada.of("pong").length === 1);
  ada.subscribe("later", FOLLOW, { id });
  await ada.until(() => ada.messages.some((message) => message.id === "later"));
  expect(ada.messages.find((message) => message.id === "later")?.type).toBe("next");
  ada.subscribe("operation", READ);
  await ada.until(() => ada.of("complete").length === 1);
});

test("a user has 50 subscriptions over all sockets; another user has 50 more", async () => {
  const id = await pendingStory();
  const sockets = await Promise.all(["ada", "ada", "ada", "ben"].map(opened));

  for (const socket of sockets) startAll(20, (at) => socket.subscribe(at, FOLLOW, { id }));
  await Promise.all(
    sockets.map((socket) =>
      socket.until(() => socket.of("error").length + socket.of("next").length === 20),
    ),
  );

  const [ben, ...ada] = sockets.toReversed();
  expect(ben?.of("next")).toHaveLength(20);
  expect(ada.flatMap((socket) => socket.of("next"))).toHaveLength(50);
  const refused = ada.flatMap((socket) => socket.of("error"));
  expect(refused.map(codeOf)).toEqual(Array.from({ length: 10 }, () => "RATE_LIMITED"));
  expect(JSON.stringify(refused)).toContain("You have 50 subscriptions");
});

test("a cancelled mutation keeps its slot until it ends", async () => {
  const ada = await opened("ada");
  await app.as("ada").query(CREATE);
  const held = await holdRow(app.testDatabase, LOCK);
  startAll(20, (id) => ada.subscribe(id, CREATE));
  await untilBlocked(app.testDatabase, 20);

  startAll(20, (id) => ada.complete(id));
  startAll(20, (id) => ada.subscribe(`later ${id}`, "{ __typename }"));
  await ada.until(() => ada.of("error").length + ada.of("complete").length === 20);
  await held.release();

  expect(ada.of("error").map(codeOf)).toEqual(Array.from({ length: 20 }, () => "RATE_LIMITED"));
});

test("a closed socket releases the slots of its subscriptions", async () => {
  const id = await pendingStory();
  for (let round = 0; round < 4; round += 1) {
    const ada = await opened("ada");
    startAll(20, (at) => ada.subscribe(at, FOLLOW, { id }));
    await ada.until(() => ada.of("next").length === 20);
    await ada.close();
  }
});

test("an invalid operation releases its slot after validation", async () => {
  const ada = await opened("ada");

  startAll(1_000, (id) => ada.subscribe(id, "{ nothing }"));
  await ada.until(() => ada.of("error").length === 1_000);

  const codes = Map.groupBy(ada.of("error"), codeOf);
  expect(codes.get("GRAPHQL_VALIDATION_FAILED")?.length).toBeGreaterThanOrEqual(20);
  ada.subscribe("valid", READ);
  await ada.until(() => ada.of("complete").length === 1);
});

test("an unknown operation name is refused with its code", async () => {
  const ada = await opened("ada");

  ada.send({ type: "subscribe", id: "1", payload: { query: READ, operationName: "Another" } });
  await ada.until(() => ada.of("error").length === 1);

  expect(ada.of("error").map(codeOf)).toEqual(["OPERATION_RESOLUTION_FAILURE"]);
});

test("a network may have 100 sockets; the next one gets status 429 until a socket closes", async () => {
  const sockets = await Promise.all(Array.from({ length: 100 }, () => SocketClient.open(app.url)));
  clients.push(...sockets);

  await expect(SocketClient.open(app.url)).rejects.toBeDefined();
  await sockets[0]?.close();

  const http = await app.anonymous().query("{ __typename }");
  expect(http.errors).toEqual([]);
  const next = await openedSoon();
  clients.push(next);
});

/** Tries to connect until the server has noticed that another socket is closed. */
async function openedSoon(): Promise<SocketClient> {
  for (;;) {
    const client = await SocketClient.open(app.url).catch(() => null);
    if (client) return client;
  }
}
