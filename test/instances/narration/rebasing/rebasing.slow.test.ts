import { toGlobalId } from "../../../../src/graphql/relay/global-id.js";
import type { NarrationEntity } from "../../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../../support/api.js";
import {
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  READ_AUDIO,
  REBASE_NARRATION,
  RENDER_NARRATION,
  UPDATE_STORY,
} from "../../../api/harness/documents.js";

const BEFORE = `The bell rang.\n\n“Who is there?” asked Lena softly.\n\n“Only the wind,” said Otto.`;
const AFTER = `The bell rang.\n\n“Who is there?” asked Lena softly.\n\n“Only the rain,” said Otto.`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterAll(() => app.close());

const idOf = ({ id }: Pick<NarrationEntity, "id">) => toGlobalId("UserStoryNarration", id);

async function change(narration: NarrationEntity, document: string, more: object = {}) {
  const { version } = await app.given.reread(narration);
  return app.as("ada").query(document, { input: { id: idOf(narration), version, ...more } });
}

async function render(narration: NarrationEntity) {
  await change(narration, RENDER_NARRATION);
  const states = await app.as("ada").follow(NARRATION_PROGRESS, { id: idOf(narration) });
  return states.at(-1)?.at("narrationProgress.progress") as Record<string, number>;
}

test("after a rebase, only what changed is spoken again", async () => {
  const story = await app.given.story({ author: "cleo", text: BEFORE, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  await change(narration, EDIT_SEGMENTS, { edits: [{ index: 0, text: "The great bell rang." }] });
  await render(narration);
  const updated = await app.as("cleo").query(UPDATE_STORY, {
    input: {
      ...{ id: toGlobalId("ReferenceStory", story.id), version: story.version, content: AFTER },
    },
  });
  expect(updated.at("updateStory.userErrors")).toEqual([]);
  await app.analysed(await reread(story.id));

  const rebased = await change(narration, REBASE_NARRATION);
  const between = await app.as("ada").query(READ_AUDIO, { id: idOf(narration) });
  const progress = await render(narration);

  expect(rebased.at("rebaseNarration")).toMatchObject({
    ...{ placedEdits: 1, newSegments: 1, unplaced: [], userErrors: [] },
    narration: { isOutdated: false },
  });
  const total = rebased.number("rebaseNarration.narration.segments.totalCount");
  const stale = between.list("narration.segments.edges.*.node.isStale");
  expect(stale.filter((isStale) => isStale)).toHaveLength(1);
  // The audio of the earlier text stays until the render, but no segment has a place in it.
  expect(between.at("narration.audio.durationMs")).toBeGreaterThan(0);
  const places = between.list("narration.segments.edges.*.node.audio.startMs");
  expect(places.filter((place) => typeof place === "number")).toEqual([]);
  expect(progress).toMatchObject({ totalSegments: total, reusedSegments: total - 1 });
});

async function reread(storyId: number) {
  const [row] = await app.superuser<{ contentHash: string }>(
    `SELECT content_hash AS "contentHash" FROM reference.stories WHERE id = $1`,
    [storyId],
  );
  return row ?? { contentHash: null };
}
