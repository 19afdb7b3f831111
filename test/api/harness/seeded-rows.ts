import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, subjectOf } from "../../support/api.js";
import { BRIDGE, ORCHARD } from "../../support/texts.js";
import { grow } from "./bulk.js";
import { NARRATION_PROGRESS, RENDER_NARRATION } from "./documents.js";

/**
 * Creates rows of every type, more of each type than the generated queries request. Needs a worker. Returns
 * the global ids of the rows.
 */
export async function seedRows(app: ApiApp): Promise<string[]> {
  const { given } = app;
  const stories = [
    await given.story({ author: "ada", text: BRIDGE, analyse: true }),
    await given.story({ author: "ada", text: ORCHARD, analyse: true }),
  ];
  const [story] = stories;
  if (!story) throw new Error("There is no story.");
  const narration = await given.narration({ owner: "ada", story });
  await grow(app.testDatabase, {
    storyId: story.id,
    narrationId: narration.id,
    stories: 12,
    narrations: 9,
  });
  const rendered = await given.narration({ owner: "ada", story });
  const shared = await given.narration({ owner: "ben", story, publish: "public" });
  const sample = await given.voiceSample({ owner: "ada" });
  const voice = await given.emotionVoice({ owner: "ada" });
  const upload = await app.services.uploads.create(ownerOf(subjectOf("ada")), {
    purpose: "voice_sample",
    sizeBytes: 4,
    contentType: "audio/wav",
  });
  await render(app, rendered.id, rendered.version);
  const [author] = await app.superuser<{ id: string }>(
    "SELECT public_id AS id FROM platform.users WHERE display_name = 'Ada'",
  );
  return [
    ...stories.map(({ id }) => toGlobalId("ReferenceStory", id)),
    ...[narration, rendered, shared].map(({ id }) => toGlobalId("UserStoryNarration", id)),
    toGlobalId("StoryAnalysis", narration.analysisId ?? 0),
    toGlobalId("VoiceModulationTemplate", sample.templateId),
    toGlobalId("UserVoiceSample", sample.id),
    toGlobalId("UserEmotionVoice", voice.id),
    toGlobalId("Upload", upload.id),
    toGlobalId("User", author?.id ?? ""),
  ];
}

async function render(app: ApiApp, id: string, version: number): Promise<void> {
  const globalId = toGlobalId("UserStoryNarration", id);
  await app.as("ada").query(RENDER_NARRATION, { input: { id: globalId, version } });
  const last = (await app.as("ada").follow(NARRATION_PROGRESS, { id: globalId })).at(-1);
  if (last?.at("narrationProgress.status") !== "READY") throw new Error("Nothing was rendered.");
}
