import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import type { StoryEntity } from "../../src/reference/index.js";
import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ quotas: { storyBytesPerDay: 1_000_000 } });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const DELETE = `mutation ($input: DeleteStoryInput!) { deleteStory(input: $input) {
  outcome deletedId story { id visibility version authorName originalAuthor { id } }
  viewer { stories { totalCount } } query { stories { totalCount } } userErrors { code message path } } }`;
const REANALYZE = `mutation ($input: ReanalyzeStoryInput!) { reanalyzeStory(input: $input) {
  outcome story { version analysisStatus analysis { analyzer { version } } } userErrors { code path } } }`;
const PROGRESS = `subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status } }`;

const idOf = ({ id }: StoryEntity) => toGlobalId("ReferenceStory", id);
const age = () =>
  app.superuser(`UPDATE reference.story_analyses SET analyzer_version = '0', rank = 1`);

test("a deleted story is in no list, and nothing is found under its id", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  const input = { id: idOf(story), version: story.version };

  const deleted = await app.as("ada").query(DELETE, { input });
  const again = await app.as("ada").query(DELETE, { input });
  const read = await app.as("ada").query(`query ($id: ID!) { node(id: $id) { id } }`, input);

  expect(deleted.at("deleteStory")).toEqual({
    ...{ outcome: "DELETED", deletedId: input.id, story: null, userErrors: [] },
    ...{ viewer: { stories: { totalCount: 0 } }, query: { stories: { totalCount: 0 } } },
  });
  expect(again.list("deleteStory.userErrors.*.code")).toEqual(["NOT_FOUND"]);
  expect(read.at("node")).toBeNull();
});

test("a story that others narrate stays for them, without its author", async () => {
  const story = await app.given.story({ author: "ada", analyse: true, authorName: "A. Lovelace" });
  await app.given.narration({ owner: "ben", story });

  const left = await app
    .as("ada")
    .query(DELETE, { input: { id: idOf(story), version: story.version } });

  const again = await app
    .as("ada")
    .query(DELETE, { input: { id: idOf(story), version: story.version + 1 } });

  expect(again.list("deleteStory.userErrors")).toMatchObject([
    { code: "FORBIDDEN", message: expect.stringContaining("no longer has an author") },
  ]);
  expect(left.at("deleteStory")).toMatchObject({
    ...{ outcome: "ARCHIVED_WITHOUT_AUTHOR", deletedId: null, userErrors: [] },
    story: { visibility: "ARCHIVED", authorName: null, originalAuthor: null },
    viewer: { stories: { totalCount: 0 } },
  });
});

test("an author's own narrations are a conflict with the current story", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await app.given.narration({ owner: "ada", story });
  const input = { id: idOf(story), version: story.version };

  const refused = await app.as("ada").query(DELETE, { input });
  const deleted = await app
    .as("ada")
    .query(DELETE, { input: { ...input, deleteOwnNarrations: true } });

  expect(refused.at("deleteStory")).toMatchObject({
    ...{ outcome: null, deletedId: null, story: { id: input.id } },
    userErrors: [{ code: "CONFLICT", path: ["id"] }],
  });
  expect(deleted.at("deleteStory.outcome")).toBe("DELETED");
});

test("a story whose analysis is current is not analysed again", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });

  const current = await app.as("ada").query(REANALYZE, { input: { id: idOf(story) } });

  expect(current.at("reanalyzeStory")).toMatchObject({
    ...{ outcome: "CURRENT", userErrors: [] },
    story: { version: story.version, analysisStatus: "READY" },
  });
});

test("an analysis of an earlier analyser is made anew, narrations keep theirs, and progress follows", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  await age();
  const input = { id: idOf(story), version: story.version };

  const queued = await app.as("ada").query(REANALYZE, { input });
  const again = await app.as("ada").query(REANALYZE, { input });
  const following = app.as("ada").subscribe(PROGRESS, { id: input.id });
  const first = await following.next();
  await app.analyse(story);
  const statuses = [first];
  for (let next = await following.next(); ; next = await following.next()) {
    statuses.push(next);
    if (JSON.stringify(next).includes("READY")) break;
  }
  const after = await app.as("ada").query(REANALYZE, { input });

  expect(queued.at("reanalyzeStory")).toMatchObject({
    ...{ outcome: "QUEUED", userErrors: [] },
    story: {
      version: story.version,
      analysisStatus: "READY",
      analysis: { analyzer: { version: "0" } },
    },
  });
  expect(again.at("reanalyzeStory.outcome")).toBe("UNDER_WAY");
  expect(JSON.stringify(first)).toContain("PENDING");
  expect(after.at("reanalyzeStory.outcome")).toBe("CURRENT");
  expect(after.at("reanalyzeStory.story.analysis.analyzer.version")).not.toBe("0");
  expect(await app.given.reread(narration)).toEqual(narration);
});

test("a new analysis counts against the quota of text, and a draft has none", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  const draft = await app.given.story({ author: "ada" });
  await age();
  await app.superuser("UPDATE platform.user_usage SET amount = 999999 WHERE kind = 'story_bytes'");

  const refused = await app.as("ada").query(REANALYZE, { input: { id: idOf(story) } });
  const ofDraft = await app.as("ada").query(REANALYZE, { input: { id: idOf(draft) } });
  const byBen = await app.as("ben").query(REANALYZE, { input: { id: idOf(story) } });

  expect(refused.list("reanalyzeStory.userErrors.*.code")).toEqual(["QUOTA_EXCEEDED"]);
  expect(ofDraft.list("reanalyzeStory.userErrors.*.code")).toEqual(["CONFLICT"]);
  expect(byBen.list("reanalyzeStory.userErrors.*.code")).toEqual(["FORBIDDEN"]);
  expect(await app.superuser("SELECT FROM reference.story_analyses")).toHaveLength(1);
});

test("a story of many narrators ends with as many statements as a story of one", async () => {
  const countOf = async (narrators: readonly string[]) => {
    // A text of its own, because analyses that were read stay in memory.
    const text = `The bell rang. ${narrators.length} of them came.`;
    const story = await app.given.story({ author: "ada", analyse: true, text });
    for (const owner of narrators) await app.given.narration({ owner, story });
    const input = { id: idOf(story), version: story.version };
    const reanalyzed = await app.as("ada").query(REANALYZE, { input });
    const ended = await app.as("ada").query(DELETE, { input });
    expect(ended.at("deleteStory.outcome")).toBe("ARCHIVED_WITHOUT_AUTHOR");
    return [reanalyzed.sql.count, ended.sql.count];
  };

  const one = await countOf(["ben"]);

  expect(await countOf(["ben", "cleo", "dora", "emil"])).toEqual(one);
  expect(one).toEqual([9, 14]);
});
