import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { RENDER_CHANNEL } from "../../src/instances/index.js";
import { type ApiApp, apiApp, signed, subjectOf, tokenFor } from "../support/api.js";
import { holdRow, untilBlocked } from "../support/blocked.js";
import { NARRATION_PROGRESS, PUBLISH_NARRATION, RENDER_NARRATION } from "./harness/documents.js";
import { SocketClient } from "./harness/socket.client.js";

let app: ApiApp;
let eager: ApiApp;
beforeAll(async () => {
  app = await apiApp({ accountCheckMs: 3_600_000 });
  eager = await apiApp({ accountCheckMs: 20, database: app.testDatabase });
});
afterEach(() => app.clean());
afterAll(async () => {
  await eager.close();
  await app.close();
});

const bar = (set: string) =>
  app.superuser(`UPDATE platform.users SET ${set} WHERE id = '${subjectOf("ada")}'`);

const VIEWER = "{ viewer { displayName } }";
const STORIES = "{ stories { totalCount } }";
const CREATE = `mutation { createStory(input: { title: "T", content: "Words." }) { story { id } userErrors { code } } }`;
const EDITIONS = `query ($id: ID!) { node(id: $id) { ... on ReferenceStory { originalAuthor { displayName }
  publicNarrations { edges { node { title } } } } } }`;

test.each([
  ["is_active = false", "This account is deactivated"],
  ["erased_at = now()", "This account was erased"],
])("with %s every operation is refused at once", async (change, message) => {
  await app.given.user("ada");
  expect((await app.as("ada").query(VIEWER)).at("viewer.displayName")).toBe("Ada");

  await bar(change);

  for (const operation of [VIEWER, STORIES, CREATE]) {
    const answer = await app.as("ada").query(operation);
    expect(answer.code).toBe("UNAUTHENTICATED");
    expect(answer.errors[0]?.message).toContain(message);
  }
  expect((await app.as("ben").query(STORIES)).errors).toEqual([]);
  expect(await app.superuser("SELECT FROM reference.stories")).toEqual([]);
});

test("a deactivated user's editions and stories stay, an erased user's editions and name go", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await app.given.narration({ owner: "ada", story, title: "Mine", publish: "public" });
  const read = async () => {
    const answer = await app
      .anonymous()
      .query(EDITIONS, { id: toGlobalId("ReferenceStory", String(story.id)) });
    expect(answer.errors).toEqual([]);
    return [
      answer.at("node.originalAuthor"),
      answer.list("node.publicNarrations.edges.*.node.title"),
    ];
  };

  await bar("is_active = false");
  expect(await read()).toEqual([{ displayName: "Ada" }, ["Mine"]]);
  await bar("erased_at = now()");
  expect(await read()).toEqual([null, []]);
});

test("a mutation that runs when its user is deactivated changes everything or nothing", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const { id, version } = narration;
  const input = { id: toGlobalId("UserStoryNarration", id), version, visibility: "PUBLIC" };
  const publish = () => app.as("ada").query(PUBLISH_NARRATION, { input });
  const stored = () =>
    app.superuser(
      `SELECT visibility, version - $2::int AS changes,
         (SELECT count(*)::int FROM reference.published_narrations) AS editions,
         (SELECT count(*)::int > 0 FROM reference.published_narration_segments) AS has_script
       FROM instances.user_story_narrations WHERE id = $1`,
      [id, version],
    );
  const held = await holdRow(
    app.testDatabase,
    `SELECT FROM instances.user_story_narrations WHERE id = ${id} FOR UPDATE`,
  );
  const running = publish();
  await untilBlocked(app.testDatabase, 1);

  await bar("is_active = false");
  await held.release();

  // The transaction of the mutation finishes. The fields of the answer are read in later transactions.
  const codes = (await running).errors.map(({ extensions }) => extensions["code"]);
  expect(new Set(codes)).toEqual(new Set(["UNAUTHENTICATED"]));
  const whole = { visibility: "public", changes: 1, editions: 1, has_script: true };
  expect(await stored()).toEqual([whole]);
  expect((await publish()).code).toBe("UNAUTHENTICATED");
  expect(await stored()).toEqual([whole]);
});

test("a mutation whose user is deactivated before its work changes nothing", async () => {
  await app.given.user("ada");
  const { write } = app.database;
  const writing = import.meta.jest.spyOn(app.database, "write");
  writing.mockImplementationOnce(async (...args) => {
    const signedIn = await write.apply(app.database, args);
    await bar("is_active = false");
    return signedIn;
  });

  const answer = await app.as("ada").query(CREATE);

  writing.mockRestore();
  expect(answer.code).toBe("UNAUTHENTICATED");
  expect(answer.at("createStory")).toBeNull();
  expect(await app.superuser("SELECT FROM reference.stories")).toEqual([]);
});

describe("an open socket of a deactivated user", () => {
  async function queued() {
    const narration = await app.given.narration({ owner: "ada" });
    const id = toGlobalId("UserStoryNarration", narration.id);
    await app.as("ada").query(RENDER_NARRATION, { input: { id, version: narration.version } });
    return { id, rawId: narration.id };
  }

  /** The kinds of all messages to an operation, with the code of an error. */
  const answers = (socket: SocketClient): string[] =>
    socket.messages
      .filter(({ id }) => id === "1" || id === "2")
      .map(({ id, type, payload }) => {
        const { errors = [] } = (payload ?? {}) as { errors?: { extensions: { code: string } }[] };
        return [id, type, ...errors.map(({ extensions }) => extensions.code)].join(" ");
      });

  test("sends UNAUTHENTICATED as the last event of a subscription, then closes", async () => {
    const { id, rawId } = await queued();
    const socket = await SocketClient.open(app.url, await signed(tokenFor("ada")));
    socket.subscribe("1", NARRATION_PROGRESS, { id });
    await socket.until(() => socket.of("next").length === 1);

    await bar("is_active = false");
    const { notifier } = app.services;
    await app.database.write(null, (tx) => notifier.notify(tx, RENDER_CHANNEL, rawId));

    expect(await socket.closed()).toBe(4403);
    expect(answers(socket)).toEqual(["1 next", "1 next UNAUTHENTICATED", "1 complete"]);
  });

  test("refuses the next query with advice, then closes", async () => {
    await app.given.user("ada");
    const socket = await SocketClient.open(app.url, await signed(tokenFor("ada")));
    socket.subscribe("1", VIEWER);
    await socket.until(() => socket.of("complete").length === 1);

    await bar("is_active = false");
    socket.subscribe("2", VIEWER);

    expect(await socket.closed()).toBe(4403);
    expect(answers(socket)).toEqual([
      "1 next",
      "1 complete",
      "2 next UNAUTHENTICATED",
      "2 complete",
    ]);
    expect(JSON.stringify(socket.messages)).toContain("ask the operator of this server");
  });

  test("closes without an operation, and the sockets of others stay open", async () => {
    await app.given.user("ada");
    const socket = await SocketClient.open(eager.url, await signed(tokenFor("ada")));
    const other = await SocketClient.open(eager.url, await signed(tokenFor("ben")));

    await bar("is_active = false");

    expect(await socket.closed()).toBe(4403);
    expect(other.isOpen).toBe(true);
    await other.close();
  });
});
