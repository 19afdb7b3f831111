import { DELIVERED_EMOTIONS } from "../../../../src/reference/index.js";
import { toGlobalId } from "../../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, signed, subjectOf, tokenFor } from "../../../support/api.js";
import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";

let legacy: LegacyTestDatabase;
let app: ApiApp;
beforeEach(async () => {
  legacy = await legacyDatabase();
  await legacy.generate({ seed: "2", narrations: 400 });
  await legacy.expand();
  for (const pair of ["users", "templates", "stories", "analyses", "narrations"]) {
    await legacy.superuser(`SELECT legacy_sync.backfill_${pair}(NULL, 1000)`);
  }
  app = await apiApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

const STORIES = `query { stories(first: 100) { totalCount edges { node {
  id slug title summary language category genre tags mood ageRating coverImageUrl license visibility version
  publishedAt createdAt updatedAt content excerpt wordCount readingTimeSeconds chapters { title start }
  originalAuthor { id displayName } analysisStatus
  analysis { id analysisType contentHash summary textMood { label valence arousal } createdAt analyzer { name version model }
    characters { id name aliases role gender ageGroup description mentionCount quoteCount }
    segments(first: 5) { edges { node { text } } } }
  voiceModulationTemplates(first: 5) { edges { node { key } } } } } } }`;
const TEMPLATES = `query { voiceModulationTemplates(first: 100) { edges { node {
  id type key displayName description sampleText targetDurationSeconds category voiceSettings isTrainable } } } }`;

test("every migrated story, analysis and template can be read through the API", async () => {
  const stories = await app.anonymous().query(STORIES);
  const templates = await app.anonymous().query(TEMPLATES);

  expect([stories.errors, templates.errors]).toEqual([[], []]);
  expect(stories.list("stories.edges").length).toBeGreaterThan(15);
  expect(stories.list("stories.edges.*.node.analysis.characters.*.name")).toContain("Mara");
  const keys = templates.list("voiceModulationTemplates.edges.*.node.key") as string[];
  const migrated = ["happy", "sad", "very_angry", "slow_description", "thunder"];
  expect(keys.toSorted()).toEqual([...DELIVERED_EMOTIONS, ...migrated].toSorted());
});

test("a narration of a migrated story waits for an analysis with segments", async () => {
  const [story = { id: 0 }] = await legacy.superuser<{ id: number }>(
    `SELECT s.id FROM reference.stories s JOIN reference.story_analyses a USING (content_hash, language)
     WHERE s.visibility = 'public' LIMIT 1`,
  );
  await app.given.user("ada");

  const narration = await app.given.narration({ owner: "ada", story });
  const analyses = await legacy.superuser(
    `SELECT a.analyzer_id = 'legacy' AS "isLegacy", a.status FROM reference.story_analyses a
     JOIN reference.stories s USING (content_hash, language) WHERE s.id = $1 ORDER BY a.rank`,
    [story.id],
  );

  expect(narration).toMatchObject({ userId: subjectOf("ada"), analysisId: null, segmentCount: 0 });
  expect(analyses).toEqual([
    { isLegacy: true, status: "ready" },
    { isLegacy: false, status: "pending" },
  ]);
});

test("a narration of another author's draft can be read by its narrator, without the story", async () => {
  const [{ id, owner } = { id: "", owner: "" }] = await legacy.superuser<{
    id: string;
    owner: string;
  }>(
    `SELECT n.id, n.user_id AS owner FROM instances.user_story_narrations n
     JOIN reference.stories s ON s.id = n.reference_story_id
     WHERE s.visibility = 'draft' AND s.original_author_id <> n.user_id LIMIT 1`,
  );
  const token = await signed(tokenFor("ada").setSubject(owner));

  const reply = await app.bearing(token).query(
    `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration {
       title narrator { id } referenceStory { title } segments(first: 1) { totalCount } isOutdated } } }`,
    { id: toGlobalId("UserStoryNarration", id) },
  );

  expect(reply.errors).toEqual([]);
  expect(reply.at("node")).toMatchObject({ referenceStory: null, isOutdated: false });
});
