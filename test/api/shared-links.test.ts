import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type NarrationEntity, shareTokenHashOf } from "../../src/instances/index.js";
import { type ApiApp, apiApp } from "../support/api.js";
import type { GraphqlClient } from "./harness/graphql.client.js";
import {
  CANCEL_NARRATION,
  DELETE_NARRATION,
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PUBLISH_NARRATION,
  READ_NARRATION,
  RENDER_NARRATION,
  UNPUBLISH_NARRATION,
  UPDATE_NARRATION,
} from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const PAGE = `fragment Page on UserStoryNarration {
  id title segments(first: 2, after: $after) { edges { node { id index text } } pageInfo { hasNextPage endCursor } }
}`;
const OPEN = `query ($by: NarrationByInput!, $after: String) { narration(by: $by) { ...Page } } ${PAGE}`;
const NODE = `query ($id: ID!, $after: String) { node(id: $id) { id ...Page } } ${PAGE}`;
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on UserStoryNarration { title segments(first: 2) { edges { node { text } } } } } }`;

const ownIdOf = ({ id }: NarrationEntity): string => toGlobalId("UserStoryNarration", id);
const given = (title = "For friends") =>
  app.given.narration({ owner: "ada", title, publish: "unlisted" });
const openedBy = (who: GraphqlClient, { shareToken }: NarrationEntity, after?: string) =>
  who.query(OPEN, { by: { shareToken }, after });

/** The id of a narration, as a reader of its link gets it. */
const sharedIdOf = async (narration: NarrationEntity): Promise<string> =>
  (await openedBy(app.anonymous(), narration)).text("narration.id");

test.each(["ben", null])(
  "a reader by link (%s) reads on by the id that the link gave",
  async (name) => {
    const narration = await given();
    const reader = name === null ? app.anonymous() : app.as(name);

    const first = await openedBy(reader, narration);
    const id = first.text("narration.id");
    const after = first.text("narration.segments.pageInfo.endCursor");
    const next = await reader.query(NODE, { id, after });
    const same = await reader.query(OPEN, { by: { id }, after });
    const byLink = await openedBy(reader, narration, after);

    const script = await app.given.script(narration);
    expect(next.at("node.id")).toBe(id);
    expect(next.list("node.segments.edges.*.node.text")).toEqual(
      script.slice(2, 4).map(({ text }) => text),
    );
    expect(same.at("narration")).toEqual(next.at("node"));
    expect(byLink.at("narration")).toEqual(next.at("node"));
  },
);

test("the id of a link does not reveal the owner's id, which still opens nothing for others", async () => {
  const narration = await given();

  const first = await openedBy(app.as("ben"), narration);
  const both = await app.as("ben").query(NODES, {
    ids: [first.text("narration.id"), ownIdOf(narration)],
  });

  expect(first.body).not.toContain(ownIdOf(narration));
  expect(both.at("nodes.0")).toMatchObject({ title: "For friends" });
  expect(both.at("nodes.1")).toBeNull();
});

test("several links cost as many statements as one", async () => {
  const ids = [await sharedIdOf(await given("One")), await sharedIdOf(await given("Two"))];

  const one = await app.as("ben").query(NODES, { ids: ids.slice(0, 1) });
  const two = await app.as("ben").query(NODES, { ids });

  expect(two.list("nodes.*.title")).toEqual(["One", "Two"]);
  expect(two.sql.count).toBe(one.sql.count);
});

test("the owner who opens the link, or its id, gets the own narration with the own id", async () => {
  const narration = await given();
  const id = await sharedIdOf(narration);

  const byLink = await openedBy(app.as("ada"), narration);
  const byNode = await app.as("ada").query(NODE, { id });

  expect(byLink.at("narration.id")).toBe(ownIdOf(narration));
  expect(byNode.at("node")).toEqual(byLink.at("narration"));
});

/** Everything that Ben and an anonymous reader get for an id. */
const answersTo = async (id: string): Promise<string[]> => {
  const bodies: string[] = [];
  for (const reader of [app.as("ben"), app.anonymous()]) {
    for (const [query, variables] of [
      [NODE, { id }],
      [NODES, { ids: [id] }],
      [OPEN, { by: { id } }],
    ] as const) {
      const { json } = await reader.query(query, variables);
      bodies.push(JSON.stringify([json.data, json.errors]));
    }
  }
  return bodies;
};
const RANDOM = toGlobalId("SharedNarration", shareTokenHashOf("a link that never was"));

test("after unpublishing, the id of the link is like a random id, also after a new link", async () => {
  const narration = await given();
  const id = await sharedIdOf(narration);
  const nothing = await answersTo(RANDOM);
  const at = { id: ownIdOf(narration), version: narration.version };
  expect(await answersTo(id)).not.toEqual(nothing);

  const ended = await app.as("ada").query(UNPUBLISH_NARRATION, { input: at });
  const afterwards = await answersTo(id);
  const version = ended.number("unpublishNarration.narration.version");
  const again = await app
    .as("ada")
    .query(PUBLISH_NARRATION, { input: { ...at, version, visibility: "UNLISTED" } });

  expect(afterwards).toEqual(nothing);
  expect(again.text("publishNarration.narration.shareToken")).not.toBe(narration.shareToken);
  expect(await answersTo(id)).toEqual(nothing);
});

test("a narration that becomes public is read by the owner's id, and the link ends", async () => {
  const narration = await given();
  const id = await sharedIdOf(narration);
  const at = { id: ownIdOf(narration), version: narration.version };

  await app.as("ada").query(PUBLISH_NARRATION, { input: { ...at, visibility: "PUBLIC" } });

  const read = await app.as("ben").query(READ_NARRATION, { by: { id: at.id } });
  expect(read.at("narration.id")).toBe(at.id);
  expect(await answersTo(id)).toEqual(await answersTo(RANDOM));
});

test("no mutation and no subscription takes the id of a link: the answer is as for others' narrations", async () => {
  const narration = await given();
  const id = await sharedIdOf(narration);
  const others = ownIdOf(await app.given.narration({ owner: "ada" }));
  const mutations: readonly (readonly [string, object])[] = [
    [UPDATE_NARRATION, { version: 2, title: "Taken" }],
    [EDIT_SEGMENTS, { version: 2, edits: [{ index: 0, text: "Taken." }] }],
    [PUBLISH_NARRATION, { version: 2, visibility: "PUBLIC" }],
    [UNPUBLISH_NARRATION, { version: 2 }],
    [RENDER_NARRATION, { version: 2 }],
    [CANCEL_NARRATION, {}],
    [DELETE_NARRATION, { version: 2 }],
  ];

  for (const [document, input] of mutations) {
    const answer = await app.as("ben").query(document, { input: { ...input, id } });
    const expected = await app.as("ben").query(document, { input: { ...input, id: others } });
    expect(answer.body).toContain("NOT_FOUND");
    expect(answer.json.data).toEqual(expected.json.data);
  }
  const [event] = await app.as("ben").follow(NARRATION_PROGRESS, { id });
  const [expected] = await app.as("ben").follow(NARRATION_PROGRESS, { id: others });
  expect(event?.body).toBe(expected?.body);
});
