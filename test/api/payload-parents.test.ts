import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const VIEWER = "viewer { narrations { totalCount } } userErrors { code }";
const CREATE = `createNarration(input: { storyId: $story }) { narration { id version } ${VIEWER} }`;
const PUBLISH = `mutation ($input: PublishStoryInput!) { publishStory(input: $input) {
  query { stories { edges { node { title } } } } viewer { id } userErrors { code } }
}`;

test("each mutation of one request returns the viewer as it is after this mutation", async () => {
  const story = toGlobalId("ReferenceStory", (await app.given.story({ publish: true })).id);
  const document = `mutation ($story: ID!) { first: ${CREATE} second: ${CREATE} }`;

  const made = await app.as("ada").query(document, { story });
  const deleted = await app
    .as("ada")
    .query(
      `mutation ($input: DeleteNarrationInput!) { deleteNarration(input: $input) { deletedId ${VIEWER} } }`,
      { input: made.at("first.narration") },
    );

  expect(made.at("first.viewer.narrations.totalCount")).toBe(1);
  expect(made.at("second.viewer.narrations.totalCount")).toBe(2);
  expect(deleted.at("deleteNarration")).toEqual({
    deletedId: made.at("first.narration.id"),
    ...{ viewer: { narrations: { totalCount: 1 } }, userErrors: [] },
  });
});

test("a mutation returns the lists of the root after the change, and no viewer after a failure", async () => {
  const { id } = await app.given.story({ author: "ada", title: "New" });
  const input = { id: toGlobalId("ReferenceStory", id), version: 1 };

  const published = await app.as("ada").query(PUBLISH, { input });
  const refused = await app.as("ada").query(PUBLISH, {
    input: { ...input, id: toGlobalId("ReferenceStory", id + 1) },
  });

  const query = { stories: { edges: [{ node: { title: "New" } }] } };
  expect(published.at("publishStory")).toMatchObject({
    ...{ query, viewer: { id: expect.any(String) }, userErrors: [] },
  });
  expect(refused.at("publishStory")).toEqual({
    ...{ query, viewer: null, userErrors: [{ code: "NOT_FOUND" }] },
  });
});

test("the viewer of a payload costs one statement, and only if selected", async () => {
  const { id } = await app.given.story({ publish: true });
  const read = async (selected: string) => {
    const answer = await app
      .as("ada")
      .query(
        `mutation ($story: ID!) { createNarration(input: { storyId: $story }) { ${selected} } }`,
        { story: toGlobalId("ReferenceStory", id) },
      );
    expect(answer.errors).toEqual([]);
    return answer.sql.statements.map(({ path }) => path);
  };
  await read("userErrors { code }");

  const plain = await read("userErrors { code }");
  const whole = await read("userErrors { code } viewer { id }");

  expect(whole).toEqual([...plain, "createNarration.viewer"]);
});
