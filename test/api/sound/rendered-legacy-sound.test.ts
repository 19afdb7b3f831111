import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { ownerOf } from "../../../src/instances/index.js";
import { ProviderError } from "../../../src/platform/errors.js";
import { Studio } from "../../instances/rendering/studio.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { givenLegacyFile, givenMigrated } from "../../support/migrated.js";

const NARRATION = `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { status durationMs version
  failure { message } progress { renderedSegments totalSegments }
  renderEstimate { segmentsToRender unavailableVoices { displayName } }
  audio { url(format: MP3) originalUrl contentType captionsUrl sizeBytes chapters { title } }
  segments(first: 10) { edges { node { isStale audio { contentType startMs durationMs words { text } } } } } } } }`;

let app: ApiApp;
let studio: Studio;
let userId: string;
beforeAll(async () => {
  app = await apiApp();
});
beforeEach(async () => {
  studio = await Studio.open(app);
  userId = (await app.given.user("ada")).id;
  await givenLegacyFile(app, { userId });
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

/** A migrated narration with sound of the whole and of each segment. */
async function given(about: { language?: string; narratorVoice?: string } = {}) {
  const { language = "en", ...narration } = about;
  const story = await app.given.story({ author: "cleo", publish: true, language });
  const links = ["audio://1", "audio://1"];
  const id = await givenMigrated(app, {
    ...{ userId, story, link: "audio://1", links },
    ...narration,
  });
  return app.given.reread({ userId, id });
}

const read = async ({ id }: { readonly id: string }) => {
  const answer = await app.as("ada").query(NARRATION, { id: toGlobalId("UserStoryNarration", id) });
  expect(answer.errors).toEqual([]);
  return answer;
};

const OLD = { contentType: "audio/mpeg", startMs: null, durationMs: 3900, words: [] };

test("a render replaces the old sound, and others hear the new sound after publishing", async () => {
  const narration = await given();
  const before = await read(narration);

  await studio.render(narration);
  const after = await read(narration);
  const { version } = await app.given.reread(narration);
  await app.services.publishing.publish(ownerOf(userId), { id: narration.id, version }, "public");
  const seen = await app
    .as("ben")
    .query(NARRATION, { id: toGlobalId("UserStoryNarration", narration.id) });

  expect(before.at("node")).toMatchObject({
    ...{ status: "READY", progress: null, renderEstimate: { segmentsToRender: 2 } },
    audio: { contentType: "audio/mpeg", captionsUrl: null },
  });
  expect(after.at("node")).toMatchObject({
    ...{ status: "READY", durationMs: 1000, renderEstimate: { segmentsToRender: 0 } },
    progress: { totalSegments: 2 },
    audio: { originalUrl: null, contentType: null, captionsUrl: expect.any(String) },
  });
  expect(after.at("node.segments.edges.*.node")).toMatchObject([
    { isStale: false, audio: { contentType: "audio/wav", startMs: 0 } },
    { isStale: false, audio: { contentType: "audio/wav", startMs: 1000 } },
  ]);
  expect(seen.at("node.audio.originalUrl")).toBeNull();
  expect(seen.at("node.segments.edges.*.node.audio")).toEqual(
    after.at("node.segments.edges.*.node.audio"),
  );
});

test("a changed script is rendered before it is published", async () => {
  const narration = await given();
  const owner = ownerOf(userId);
  const edited = await app.services.narrations.updateSegments(owner, narration, [
    { index: 0, text: "Another bell rang." },
  ]);

  await studio.render(edited);
  const { publishing } = app.services;
  await publishing.publish(owner, await app.given.reread(edited), "public");

  expect(studio.newlySaid()).toEqual(["Another bell rang.", "Nobody answered."]);
  expect((await read(narration)).at("node.segments.edges.*.node.isStale")).toEqual([false, false]);
});

describe("the old sound stays", () => {
  test("while the first render waits, and after it is cancelled", async () => {
    const narration = await given();
    const before = await read(narration);

    await studio.request(narration);
    const meanwhile = await read(narration);
    await studio.rendering.cancel(ownerOf(userId), narration.id);
    const after = await read(narration);

    expect(meanwhile.at("node")).toMatchObject({
      status: "QUEUED",
      progress: { totalSegments: 2 },
    });
    expect(after.at("node")).toMatchObject({
      status: "CANCELLED",
      durationMs: 4000,
      failure: null,
    });
    for (const answer of [meanwhile, after]) {
      expect(answer.at("node.audio")).toEqual(before.at("node.audio"));
      expect(answer.at("node.segments.edges.*.node")).toEqual([
        { isStale: false, audio: OLD },
        { isStale: false, audio: OLD },
      ]);
    }
  });

  test("after the first render failed, and can be published", async () => {
    const narration = await given();
    const before = await read(narration);
    studio.beforeSpeaking = () => {
      throw new ProviderError("The engine is broken.", false);
    };

    const failed = await studio.render(narration);
    const after = await read(narration);
    await app.services.publishing.publish(ownerOf(userId), failed, "public");
    const seen = await app
      .as("ben")
      .query(NARRATION, { id: toGlobalId("UserStoryNarration", narration.id) });

    expect(after.at("node")).toMatchObject({
      ...{ status: "FAILED", failure: { message: expect.stringContaining("is broken") } },
      audio: before.at("node.audio"),
    });
    expect(seen.at("node")).toMatchObject({ status: "READY", audio: before.at("node.audio") });
  });
});

test("the estimate counts with the language of the story", async () => {
  const german = await read(await given({ language: "de" }));
  const vendor = await read(await given({ narratorVoice: "openai:alloy" }));

  expect(german.at("node.renderEstimate")).toEqual({
    segmentsToRender: 2,
    unavailableVoices: [{ displayName: "Sally" }],
  });
  expect(vendor.list("node.renderEstimate.unavailableVoices")).toHaveLength(1);
});
