import { createHash } from "node:crypto";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { BRIDGE, ORCHARD } from "../support/texts.js";
import { UPDATE_STORY } from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const READ = `query Read($id: ID!) { narration(by: { id: $id }) {
  isOutdated
  referenceStory { content contentHash analysis { id contentHash } }
  analysis { id contentHash segments(first: 100) { edges { node { text } } } }
  segments(first: 100) { edges { node { text storySegment { text } } } }
} }`;

const REREAD = `query Reread($id: ID!) { node(id: $id) { id ... on StoryAnalysis {
  contentHash segments(first: 100) { edges { node { text } } } } } }`;

const TEXTS = "segments.edges.*.node.text";
const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** Ada narrates a story of Cleo, and then Cleo gives the story another text. */
async function givenOutdated() {
  const story = await app.given.story({ author: "cleo", text: BRIDGE, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story, publish: "public" });
  const id = toGlobalId("UserStoryNarration", narration.id);
  const before = await app.as("ada").query(READ, { id });
  const answer = await app.as("cleo").query(UPDATE_STORY, {
    input: {
      ...{ id: toGlobalId("ReferenceStory", story.id), version: story.version },
      content: ORCHARD,
    },
  });
  expect(answer.at("updateStory.userErrors")).toEqual([]);
  return { id, before };
}

test("the hash of a story and of its analysis is the sha256 of the text", async () => {
  const { before } = await givenOutdated();

  const { content, contentHash, analysis } = before.at("narration.referenceStory") as {
    content: string;
    contentHash: string;
    analysis: { contentHash: string };
  };
  expect(contentHash).toBe(sha256(content));
  expect(analysis.contentHash).toBe(contentHash);
  expect(before.at("narration.analysis.contentHash")).toBe(contentHash);
});

test("a story without a text has the hash of the empty text", async () => {
  const draft = await app.given.story({ author: "cleo", text: null });

  const answer = await app
    .as("cleo")
    .query("query Read($id: ID!) { story(by: { id: $id }) { content contentHash } }", {
      id: toGlobalId("ReferenceStory", draft.id),
    });

  expect(answer.at("story")).toEqual({ content: "", contentHash: sha256("") });
});

test("the text that an outdated narration was made from can still be read beside its segments", async () => {
  const { id, before } = await givenOutdated();

  const ada = await app.as("ada").query(READ, { id });
  const ben = await app.as("ben").query(READ, { id });

  for (const answer of [ada, ben]) {
    expect(answer.errors).toEqual([]);
    expect(answer.at("narration.analysis")).toEqual(before.at("narration.analysis"));
    expect(answer.at("narration.segments")).toEqual(before.at("narration.segments"));
    expect(answer.at("narration.referenceStory.contentHash")).toBe(sha256(ORCHARD));
  }
  expect(ada.at("narration.isOutdated")).toBe(true);
});

test("the old analysis is read again by its id only by those who narrated the old text", async () => {
  const { id, before } = await givenOutdated();
  const analysis = before.text("narration.analysis.id");

  const ada = await app.as("ada").query(REREAD, { id: analysis });
  const strangers = [app.as("ben"), app.as("cleo"), app.anonymous()];

  expect(ada.at("node.contentHash")).toBe(sha256(before.text("narration.referenceStory.content")));
  expect(ada.list(`node.${TEXTS}`)).toEqual(before.list(`narration.analysis.${TEXTS}`));
  for (const stranger of strangers) {
    expect((await stranger.query(REREAD, { id: analysis })).data).toEqual({ node: null });
  }
  expect(id).not.toBe(analysis);
});
