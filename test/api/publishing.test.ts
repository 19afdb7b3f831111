import { type ApiApp, apiApp } from "../support/api.js";
import { BRIDGE, textNamed } from "../support/texts.js";
import type { Answer } from "./harness/answer.js";
import {
  CREATE_NARRATION,
  CREATE_STORY,
  PROGRESS,
  PUBLISH_STORY,
  READ_NARRATION,
} from "./harness/documents.js";
import { endProcesses, fabulaProcess } from "./harness/fabula.process.js";

afterAll(endProcesses);

const draftOf = async (app: ApiApp, author: string, content: string) => {
  const answer = await app.as(author).query(CREATE_STORY, { input: { title: "T", content } });
  return {
    id: answer.text("createStory.story.id"),
    version: answer.number("createStory.story.version"),
  };
};

/**
 * Publishes a story, narrates the story and reads the narration without waiting for the analysis. Reads
 * again after the analysis is ready. Returns all answers.
 */
async function publishAndNarrate(app: ApiApp, content: string): Promise<Answer[]> {
  const draft = await draftOf(app, "ada", content);

  const published = await app.as("ada").query(PUBLISH_STORY, { input: draft });
  const narration = await app
    .as("ben")
    .query(CREATE_NARRATION, { input: { storyId: draft.id, title: "At once" } });
  const by = { id: narration.text("createNarration.narration.id") };
  const early = await app.as("ben").query(READ_NARRATION, { by });

  expect(published.at("publishStory.userErrors")).toEqual([]);
  const events = await app.as("ben").follow(PROGRESS, { storyId: draft.id });
  expect(events.at(-1)?.at("storyAnalysisProgress.status")).toBe("READY");
  return [early, await app.as("ben").query(READ_NARRATION, { by })];
}

function expectScript(answers: Answer[], content: string): void {
  const [early, late] = answers;
  const words = (text: string) => text.replace(/\s+/g, "");
  const script = late?.list("narration.segments.edges.*.node.text").join("") ?? "";
  expect(early?.errors).toEqual([]);
  expect(words(script)).toBe(words(content));
}

test("a narration created right after publishing gets its script from an inline worker", async () => {
  const app = await apiApp({ worker: true });

  const answers = await publishAndNarrate(app, BRIDGE);
  await app.close();

  expectScript(answers, BRIDGE);
});

test("a narration created right after publishing gets its script from a worker in another process", async () => {
  const app = await apiApp();
  const worker = await fabulaProcess("worker", app.testDatabase);

  const answers = await publishAndNarrate(app, BRIDGE);
  await worker.stop();
  await app.close();

  expectScript(answers, BRIDGE);
});

test("the same text published four times at once is analysed once", async () => {
  const app = await apiApp();
  const drafts = await Promise.all(
    ["ada", "ben", "cleo", "dora"].map(async (author) => ({
      author,
      input: await draftOf(app, author, textNamed("the same bell")),
    })),
  );

  const answers = await Promise.all(
    drafts.map(({ author, input }) => app.as(author).query(PUBLISH_STORY, { input })),
  );

  expect(answers.map((answer) => answer.at("publishStory.story.analysisStatus"))).toEqual(
    drafts.map(() => "PENDING"),
  );
  const slugs = answers.map((answer) => answer.text("publishStory.story.slug"));
  expect(new Set(slugs).size).toBe(4);
  expect(await app.superuser("SELECT FROM reference.story_analyses")).toHaveLength(1);
  expect(await app.superuser("SELECT FROM jobs.job WHERE name = 'analyse-story'")).toHaveLength(1);
  await app.close();
});
