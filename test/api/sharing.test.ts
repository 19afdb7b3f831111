import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import type { NarrationEntity } from "../../src/instances/index.js";
import type { StoryEntity } from "../../src/reference/index.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { textNamed } from "../support/texts.js";
import {
  ARCHIVE_STORY,
  CREATE_NARRATION,
  DELETE_NARRATION,
  EDIT_SEGMENTS,
  PUBLISH_NARRATION,
  READ_NARRATION,
  UNPUBLISH_NARRATION,
  UPDATE_NARRATION,
} from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const storyIdOf = ({ id }: Pick<StoryEntity, "id">) => toGlobalId("ReferenceStory", id);
const narrationIdOf = ({ id }: Pick<NarrationEntity, "id">) => toGlobalId("UserStoryNarration", id);

const SHELF = `query Shelf($story: ID!) { story(by: { id: $story }) {
  userNarrations { totalCount edges { node { title narrator { displayName } } } }
  publicNarrations { totalCount edges { node { title narrator { displayName } } } }
} }`;

const FIRST_TEXT = "narration.segments.edges.0.node.text";

test("two users narrate one story, and each sees only their own narration", async () => {
  const story = storyIdOf(await app.given.story({ analyse: true }));
  for (const name of ["ada", "ben"]) {
    await app.as(name).query(CREATE_NARRATION, { input: { storyId: story, title: `By ${name}` } });
  }

  const [ada, ben, anonymous] = await Promise.all(
    [app.as("ada"), app.as("ben"), app.anonymous()].map((who) => who.query(SHELF, { story })),
  );

  const titles = "story.userNarrations.edges.*.node.title";
  expect(ada?.list(titles)).toEqual(["By ada"]);
  expect(ben?.list(titles)).toEqual(["By ben"]);
  expect(anonymous?.at("story")).toEqual({
    userNarrations: { totalCount: 0, edges: [] },
    publicNarrations: { totalCount: 0, edges: [] },
  });
});

test("others see the edition, not later edits, until the narration is published again", async () => {
  const story = await app.given.story({ analyse: true });
  const narration = await app.given.narration({ owner: "ada", story, title: "First" });
  const id = narrationIdOf(narration);
  const ada = app.as("ada");
  const read = async () => {
    const answer = await app.as("ben").query(READ_NARRATION, { by: { id } });
    return [answer.at("narration.title"), answer.at(FIRST_TEXT)];
  };
  const change = async (document: string, name: string, input: object) => {
    const answer = await ada.query(document, { input: { id, ...input } });
    expect(answer.at(`${name}.userErrors`)).toEqual([]);
    return answer.number(`${name}.narration.version`);
  };
  const original = await app.given.script(narration);

  const unseen = await read();
  let version = await change(PUBLISH_NARRATION, "publishNarration", {
    version: narration.version,
    visibility: "PUBLIC",
  });
  const published = await read();
  version = await change(EDIT_SEGMENTS, "updateNarrationSegments", {
    version,
    edits: [{ index: 0, text: "My own words." }],
  });
  version = await change(UPDATE_NARRATION, "updateNarration", { version, title: "Second" });
  const edited = await read();
  const own = await ada.query(READ_NARRATION, { by: { id } });
  version = await change(PUBLISH_NARRATION, "publishNarration", { version, visibility: "PUBLIC" });
  const again = await read();
  await change(UNPUBLISH_NARRATION, "unpublishNarration", { version });
  const gone = await read();

  expect(unseen).toEqual([undefined, undefined]);
  expect(published).toEqual(["First", original[0]?.text]);
  expect(edited).toEqual(published);
  expect([own.at("narration.title"), own.at(FIRST_TEXT)]).toEqual(["Second", "My own words."]);
  expect(again).toEqual(["Second", "My own words."]);
  expect(gone).toEqual([undefined, undefined]);
});

test("an unlisted narration can be read only by its share link, until it is unpublished", async () => {
  const story = await app.given.story({ analyse: true });
  const narration = await app.given.narration({ owner: "ada", story, publish: "unlisted" });
  const id = narrationIdOf(narration);
  const own = await app.as("ada").query(READ_NARRATION, { by: { id } });
  const shareToken = own.text("narration.shareToken");
  const byLink = () => app.anonymous().query(READ_NARRATION, { by: { shareToken } });

  const opened = await byLink();
  const byId = await app.as("ben").query(READ_NARRATION, { by: { id } });
  const shelf = await app.as("ben").query(SHELF, { story: storyIdOf(story) });
  await app.as("ada").query(UNPUBLISH_NARRATION, { input: { id, version: narration.version } });

  expect(opened.text("narration.id")).not.toBe(id);
  expect(opened.at("narration")).toMatchObject({
    narrationVisibility: "UNLISTED",
    shareToken: null,
  });
  expect(opened.number("narration.segments.totalCount")).toBeGreaterThan(3);
  expect(opened.list("narration.segments.edges").length).toBeGreaterThan(3);
  expect(byId.data).toEqual({ narration: null });
  expect(shelf.at("story.publicNarrations.totalCount")).toBe(0);
  expect((await byLink()).data).toEqual({ narration: null });
});

test("deleting a narration also deletes its edition for everyone", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "public" });
  const by = { id: narrationIdOf(narration) };

  const answer = await app
    .as("ada")
    .query(DELETE_NARRATION, { input: { ...by, version: narration.version } });

  expect(answer.at("deleteNarration")).toMatchObject({
    deletedId: by.id,
    narration: null,
    userErrors: [],
  });
  for (const reader of [app.as("ada"), app.as("ben")]) {
    expect((await reader.query(READ_NARRATION, { by })).data).toEqual({ narration: null });
  }
  const left = await app.superuser(
    `SELECT FROM instances.user_narration_segments UNION ALL
     SELECT FROM reference.published_narrations UNION ALL SELECT FROM reference.published_narration_segments`,
  );
  expect(left).toEqual([]);
});

describe("a draft", () => {
  const TEXT = textNamed("a secret lighthouse");
  const EVERYWHERE = `query Everywhere($story: ID!, $analysis: ID!, $slug: String!, $author: ID!, $search: String!) {
    byId: story(by: { id: $story }) { title content }
    bySlug: story(by: { slug: $slug }) { title content }
    node(id: $story) { id ... on ReferenceStory { content } }
    nodes(ids: [$story, $analysis]) { id ... on StoryAnalysis { contentHash segments { edges { node { text } } } } }
    stories(search: $search) { totalCount edges { node { title excerpt } } }
    hers: stories(filter: { author: $author }) { totalCount }
    voiceModulationTemplates(first: 100) { edges { node { key sampleText sourceStory { title } stories { edges { node { title } } } } } }
    author: node(id: $author) { ... on User { displayName stories { totalCount edges { node { title } } } narrations { totalCount } } }
  }`;

  const routesTo = async (story: StoryEntity, analysisId: number) => {
    const author = await app.given.user("ada");
    return {
      story: storyIdOf(story),
      analysis: toGlobalId("StoryAnalysis", analysisId),
      slug: story.slug,
      author: toGlobalId("User", author.publicId),
      search: "Unfinished",
    };
  };

  /**
   * Returns the id of the analysis of a draft's text. A draft has no analysis of its own, but another
   * story with an equal text may have an analysis.
   */
  const analysisOf = async (story: StoryEntity): Promise<number> => {
    const [row] = await app.superuser<{ id: number }>(
      "SELECT id FROM reference.story_analyses WHERE content_hash = $1",
      [story.contentHash],
    );
    return row?.id ?? 0;
  };

  test("is visible only to its author, on every route", async () => {
    const draft = await app.given.story({ author: "ada", title: "Unfinished", text: TEXT });
    await app.superuser(
      `INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version, schema_version, status, summary)
       VALUES ($1, 'en', 'test', '1', 1, 'ready', 'A secret summary')`,
      [draft.contentHash],
    );
    const analysisId = await analysisOf(draft);
    await app.superuser(
      `INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text)
       VALUES ($1, 0, 0, 'narration', 0, 8, 'A secret segment')`,
      [analysisId],
    );
    const routes = await routesTo(draft, analysisId);

    const author = await app.as("ada").query(EVERYWHERE, routes);
    const strangers = [app.as("ben"), app.anonymous()];

    expect(author.at("byId.content")).toBe(TEXT);
    expect(author.at("bySlug.content")).toBe(TEXT);
    expect(author.at("nodes.1.segments.edges.0.node.text")).toBe("A secret segment");
    expect(author.at("author.stories.totalCount")).toBe(1);
    for (const stranger of strangers) {
      const answer = await stranger.query(EVERYWHERE, routes);
      const { sql: _sql, cost: _cost, ...extensions } = answer.json.extensions ?? {};
      expect({ ...answer.json, extensions }).toEqual({
        data: {
          byId: null,
          bySlug: null,
          node: null,
          nodes: [null, null],
          stories: { totalCount: 0, edges: [] },
          hers: { totalCount: 0 },
          voiceModulationTemplates: expect.anything(),
          author: { displayName: "Ada", stories: { totalCount: 0, edges: [] }, narrations: null },
        },
        extensions: {},
      });
      expect(answer.body).not.toMatch(/secret|Unfinished|lighthouse/);
    }
  });

  test("stays hidden when another author publishes the same text", async () => {
    const draft = await app.given.story({ author: "ada", title: "Unfinished", text: TEXT });
    const twin = await app.given.story({
      author: "cleo",
      title: "Twin",
      text: TEXT,
      analyse: true,
    });
    const routes = await routesTo(draft, await analysisOf(twin));

    const answer = await app.as("ben").query(EVERYWHERE, routes);

    expect(answer.body).not.toContain("Unfinished");
    expect([answer.at("byId"), answer.at("bySlug"), answer.at("node")]).toEqual([null, null, null]);
    // The text and its analysis are public only because of the other story.
    expect(answer.at("nodes.1.contentHash")).toBe(twin.contentHash);
    const templates = answer.list(
      "voiceModulationTemplates.edges.*.node.stories.edges.*.node.title",
    );
    expect(new Set(templates)).toEqual(new Set(["Twin"]));
  });

  test("is not revealed by its slug or by a conflict when another author uses the same title", async () => {
    await app.given.story({ author: "ada", title: "Unfinished", text: TEXT });
    const other = await app.given.story({ author: "ben", title: "Unfinished", text: TEXT });

    const published = await app.services.stories.publish(other.originalAuthorId ?? "", other);

    expect(published.slug).toBe("unfinished");
  });
});

test("an archived story leaves the lists, but its link and its narrations still show it", async () => {
  const story = await app.given.story({ author: "cleo", title: "Old Tower", analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const id = storyIdOf(story);
  await app.as("cleo").query(ARCHIVE_STORY, { input: { id, version: story.version } });

  const answer = await app.as("ada").query(
    `query Archived($id: ID!, $slug: String!, $narration: ID!) {
      stories { totalCount edges { node { id } } }
      found: stories(search: "Tower") { totalCount }
      voiceModulationTemplates(first: 100) { edges { node { stories { totalCount } } } }
      byId: story(by: { id: $id }) { visibility content analysis { id } }
      bySlug: story(by: { slug: $slug }) { visibility }
      narration(by: { id: $narration }) { referenceStory { title visibility } segments { totalCount } }
      viewer { narrations { edges { node { referenceStory { title } } } } }
    }`,
    { id, slug: story.slug, narration: narrationIdOf(narration) },
  );

  expect(answer.at("stories")).toEqual({ totalCount: 0, edges: [] });
  expect(answer.at("found.totalCount")).toBe(0);
  const shown = answer.list("voiceModulationTemplates.edges.*.node.stories.totalCount");
  expect(new Set(shown)).toEqual(new Set([0]));
  expect(answer.at("byId")).toMatchObject({
    visibility: "ARCHIVED",
    analysis: { id: expect.any(String) },
  });
  expect(answer.at("bySlug.visibility")).toBe("ARCHIVED");
  expect(answer.at("narration.referenceStory")).toEqual({
    title: "Old Tower",
    visibility: "ARCHIVED",
  });
  expect(answer.list("viewer.narrations.edges.*.node.referenceStory.title")).toEqual(["Old Tower"]);
});
