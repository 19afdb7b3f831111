import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import type { StoryEntity } from "../../../src/reference/index.js";
import type { ApiApp } from "../../support/api.js";
import { BRIDGE } from "../../support/texts.js";
import type { Answer } from "./answer.js";

export const SAVE = `mutation Save($input: SaveListeningPositionInput!) { saveListeningPosition(input: $input) {
  listeningPosition { id offsetMs fraction isFinished updatedAt storySegment { index text } narration { id } }
  story { viewerListeningPosition { id } }
  viewer { continueListening { totalCount edges { node { title } } } }
  userErrors { code message path }
} }`;

export const CONTINUE = `query Continue($first: Int, $after: String, $last: Int, $before: String) { viewer {
  continueListening(first: $first, after: $after, last: $last, before: $before) {
    totalCount edges { cursor node { title viewerListeningPosition { fraction isFinished } } }
    pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }`;

export const PLACE = `query Place($id: ID!) { node(id: $id) { ... on ReferenceStory { viewerListeningPosition {
  id offsetMs fraction isFinished updatedAt storySegment { id index text } narration { id title } referenceStory { id }
} } } }`;

export const RESUME = `query Resume($ids: [ID!]!) { nodes(ids: $ids) { ... on UserStoryNarration {
  resumeAt { offsetMs startMs segment { index text } } } } }`;

export const storyId = ({ id }: { readonly id: number }): string =>
  toGlobalId("ReferenceStory", id);

export const narrationId = ({ id }: { readonly id: string }): string =>
  toGlobalId("UserStoryNarration", id);

/** Returns the id of a segment of the story, in the analysis that the narration was made from. */
export const storySegmentId = (
  { analysisId }: Pick<NarrationEntity, "analysisId">,
  position: number,
): string => toGlobalId("StorySegment", `${analysisId ?? 0}.${position}`);

export const lineId = ({ id }: Pick<NarrationEntity, "id">, position: number): string =>
  toGlobalId("NarrationSegment", `${id}.${position}`);

/** Saves a place. Returns the place in the answer. */
export async function save(app: ApiApp, name: string, input: object): Promise<Answer> {
  return app.as(name).query(SAVE, { input });
}

/** Gives each line of a narration a sound, of so many milliseconds for each character. */
export async function giveSound(
  app: ApiApp,
  { userId, id }: Pick<NarrationEntity, "userId" | "id">,
  msPerCharacter: number,
): Promise<void> {
  await app.superuser(
    `WITH sounds AS (SELECT g.position, concat('sound-', g.narration_id, '-', g.position) AS recipe,
         length(g.text) * $3::int AS ms,
         coalesce(sum(length(g.text) * $3::int) OVER (ORDER BY g.position
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS start
       FROM instances.user_narration_segments g WHERE g.user_id = $1 AND g.narration_id = $2),
     stored AS (INSERT INTO instances.user_renditions (user_id, recipe_key, blob_key, duration_ms, words, size_bytes)
       SELECT $1, s.recipe, 'owned/' || s.recipe, s.ms, '[]', 1 FROM sounds s ON CONFLICT DO NOTHING)
     UPDATE instances.user_narration_segments g SET recipe_key = s.recipe, start_ms = s.start FROM sounds s
     WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = s.position`,
    [userId, id, msPerCharacter],
  );
}

/** A story, with a narration that Ada published, and a narration of Ben that takes twice as long. */
export async function twoNarrations(app: ApiApp) {
  const story = await app.given.story({ text: BRIDGE, analyse: true });
  const adas = await app.given.narration({ owner: "ada", story, title: "Ada’s" });
  const bens = await app.given.narration({ owner: "ben", story, title: "Ben’s" });
  await giveSound(app, adas, 50);
  await giveSound(app, bens, 100);
  await app.services.publishing.publish(ownerOf(adas.userId), adas, "public");
  return { story, adas: await app.given.reread(adas), bens };
}

/** The input with which Ben saves a segment of the story, as Ada narrates it. */
export const bensPlace = (story: StoryEntity, adas: NarrationEntity, more: object = {}) => ({
  storyId: storyId(story),
  segmentId: storySegmentId(adas, 2),
  narrationId: narrationId(adas),
  ...more,
});

/** Returns the viewer's place in the story. */
export async function placeOf(app: ApiApp, name: string, story: Pick<StoryEntity, "id">) {
  const answer = await app.as(name).query(PLACE, { id: storyId(story) });
  return answer.at("node.viewerListeningPosition");
}

/** Returns where narrations go on for the viewer. */
export async function resumed(
  app: ApiApp,
  name: string,
  ...narrations: readonly Pick<NarrationEntity, "id">[]
) {
  const answer = await app.as(name).query(RESUME, { ids: narrations.map(narrationId) });
  expect(answer.errors).toEqual([]);
  return answer.list("nodes.*.resumeAt");
}

export const titlesToContinue = async (app: ApiApp, name: string) =>
  (await app.as(name).query(CONTINUE)).list("viewer.continueListening.edges.*.node.title");
