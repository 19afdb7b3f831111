import type { NarrationEntity } from "../../src/instances/index.js";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
beforeEach(() => app.clean());
afterAll(() => app.close());

const TITLES = "title customTitle referenceStory { title }";
const idOf = ({ id }: NarrationEntity): string => toGlobalId("UserStoryNarration", id);

const given = async () => {
  const story = await app.given.story({ author: "ada", title: "The Ferry", analyse: true });
  return {
    story,
    named: await app.given.narration({ owner: "ben", story, title: "Mine", publish: "public" }),
    unnamed: await app.given.narration({ owner: "ben", story, publish: "public" }),
  };
};

test("a narration without a title of its own has the story's title, wherever it is read", async () => {
  const { story, named, unnamed } = await given();
  const document = `query ($ids: [ID!]!, $story: ID!) {
    nodes(ids: $ids) { ... on UserStoryNarration { ${TITLES} } }
    viewer { narrations { edges { node { ${TITLES} } } } }
    story(by: { id: $story }) {
      userNarrations { edges { node { ${TITLES} } } }
      publicNarrations { edges { node { ${TITLES} } } }
    }
  }`;
  const variables = {
    ids: [named, unnamed].map(idOf),
    story: toGlobalId("ReferenceStory", story.id),
  };

  const own = await app.as("ben").query(document, variables);
  const others = await app.as("ada").query(document, variables);
  const changed = await app.as("ben").query(
    `mutation ($input: UpdateNarrationInput!) {
      updateNarration(input: $input) { narration { ${TITLES} } userErrors { message } } }`,
    { input: { id: idOf(named), version: named.version, title: null } },
  );

  const referenceStory = { title: "The Ferry" };
  const first = { title: "Mine", customTitle: "Mine", referenceStory };
  const second = { title: "The Ferry", customTitle: null, referenceStory };
  const newestFirst = [second, first];
  for (const answer of [own, others]) {
    expect(answer.errors).toEqual([]);
    expect(answer.list("nodes")).toEqual([first, second]);
    expect(answer.list("story.publicNarrations.edges.*.node")).toEqual(newestFirst);
  }
  expect(own.list("story.userNarrations.edges.*.node")).toEqual(newestFirst);
  expect(own.list("viewer.narrations.edges.*.node")).toEqual(newestFirst);
  expect(changed.at("updateNarration")).toEqual({ narration: second, userErrors: [] });
});

test("the title of a narration whose story the viewer may not see reveals nothing", async () => {
  const { story, unnamed } = await given();
  await app.superuser("UPDATE reference.stories SET visibility = 'draft' WHERE id = $1", [
    story.id,
  ]);
  const document = `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { ${TITLES} } }
    viewer { narrations(first: 1) { edges { node { ${TITLES} } } } } }`;

  const answer = await app.as("ben").query(document, { id: idOf(unnamed) });

  const untitled = { title: "Narration", customTitle: null, referenceStory: null };
  expect(answer.at("node")).toEqual(untitled);
  expect(answer.list("viewer.narrations.edges.*.node")).toEqual([untitled]);
});

test("the titles of a list cost the same statements whether or not narrations have their own", async () => {
  const { story } = await given();
  const lists = [
    "viewer { narrations { edges { node { title } } } }",
    `story(by: { id: "${toGlobalId("ReferenceStory", story.id)}" }) {
      userNarrations { edges { node { title } } } publicNarrations { edges { node { title } } } }`,
  ];

  for (const list of lists) {
    const withTitles = await app.as("ben").query(`{ ${list} }`);
    const withIds = await app.as("ben").query(`{ ${list.replaceAll("title", "id")} }`);
    expect(withTitles.errors).toEqual([]);
    expect(withTitles.sql.count).toBe(withIds.sql.count);
  }
});

test("a user without a name is called Someone, and the name that a user gave can be read apart", async () => {
  const named = await app.given.user("ada");
  const unnamed = await app.given.user("ben");
  await app.superuser("UPDATE platform.users SET display_name = NULL WHERE id = $1", [unnamed.id]);

  const answer = await app
    .anonymous()
    .query(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { displayName customDisplayName } } }",
      { ids: [named, unnamed].map(({ publicId }) => toGlobalId("User", publicId)) },
    );

  expect(answer.list("nodes")).toEqual([
    { displayName: "Ada", customDisplayName: "Ada" },
    { displayName: "Someone", customDisplayName: null },
  ]);
});
