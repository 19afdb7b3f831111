import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { openAiChat } from "../../src/providers/llm/openai/openai-chat.js";
import type { StoryEntity } from "../../src/reference/index.js";
import { FERRY, SUMMARY, goodAnswer } from "../reference/analysis/model/played-models.js";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";
import {
  type LanguageModelServer,
  type Play,
  languageModelServer,
  refuses,
  says,
} from "../support/language-model-server.js";
import { ORCHARD } from "../support/texts.js";
import { PROGRESS } from "./harness/documents.js";

let without: ApiApp;
let app: ApiApp;
let server: LanguageModelServer;
let play: Play;
beforeAll(async () => {
  server = await languageModelServer((request, count) => play(request, count));
  const model = openAiChat({
    ...{ baseUrl: server.url, apiKey: "", model: "played", contextTokens: 1500, maxAttempts: 1 },
    price: { inputMicrosPerMillion: 150_000, outputMicrosPerMillion: 600_000, currency: "USD" },
  });
  const limits = { tokensPerText: 100_000, tokensPerDay: 1_000_000 };
  app = await apiApp({ worker: true, languageModel: { model, limits } });
  without = await apiApp();
});
beforeEach(() => {
  play = (request) => says(goodAnswer(request));
  server.forget();
});
afterEach(() => Promise.all([app.clean(), without.clean()]));
afterAll(async () => {
  await without.close();
  await app.close();
  await server.close();
});

const idOf = ({ id }: Pick<StoryEntity, "id">) => toGlobalId("ReferenceStory", id);

const ANALYSES = `analysis { analyzer { name } } analyses { contentHash summary
  analyzer { name version model promptVersion }
  usage { inputTokens outputTokens requests costMicros } degraded { feature reason } }`;
const READ = `query ($id: ID!) { node(id: $id) { ... on ReferenceStory { analysisStatus ${ANALYSES} } } }`;
const REANALYZE = `mutation ($input: ReanalyzeStoryInput!) { reanalyzeStory(input: $input) {
  outcome story { id } userErrors { code path message } } }`;

const reanalyze = (by: ApiApp, story: StoryEntity, input: object = {}) =>
  by.as("ada").query(REANALYZE, { input: { id: idOf(story), analyzer: "MODEL", ...input } });

test("progress follows the language model, and the story then lists both analyses", async () => {
  const story = await app.given.story({ author: "ada", text: FERRY, publish: true });

  const events = await app.anonymous().follow(PROGRESS, { storyId: idOf(story) });
  const { data } = await app.anonymous().query(READ, { id: idOf(story) });

  const fractions = events.map((event) => event.number("storyAnalysisProgress.fraction"));
  const requests = server.requests.length;
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.filter((fraction) => fraction > 0.5 && fraction < 1)).not.toEqual([]);
  expect(events.at(-1)?.at("storyAnalysisProgress.status")).toBe("READY");
  expect(data).toEqual({
    node: {
      analysisStatus: "READY",
      analysis: { analyzer: { name: "model" } },
      analyses: [
        {
          contentHash: story.contentHash,
          summary: SUMMARY,
          analyzer: {
            ...{ name: "model", model: "played" },
            version: expect.stringMatching(/^\d/) as string,
            promptVersion: expect.stringMatching(/^[\da-f]{12}$/) as string,
          },
          usage: {
            ...{ inputTokens: 100 * requests, outputTokens: 20 * requests, requests },
            costMicros: 27 * requests,
          },
          degraded: [],
        },
        expect.objectContaining({
          analyzer: expect.objectContaining({
            name: "embedded",
            model: null,
            promptVersion: null,
          }) as object,
          usage: { inputTokens: 0, outputTokens: 0, requests: 0, costMicros: 0 },
          degraded: [],
        }),
      ],
    },
  });
});

test("the analyses of all stories of a page need one statement", async () => {
  await without.given.story({ author: "ada", text: FERRY, analyse: true });
  await without.given.story({ author: "ada", text: ORCHARD, analyse: true });
  await without.given.story({ author: "ada", title: "Nothing", text: null });
  const query = `{ viewer { stories(first: 5) { nodes { id analyses { id } } } } }`;

  const answer = await without.as("ada").query(query);

  const statements = answer.sql.statements.filter(({ path }) => path.endsWith("analyses"));
  expect(answer.list("viewer.stories.nodes")).toHaveLength(3);
  expect(answer.list("viewer.stories.nodes.*.analyses.*.id")).toHaveLength(2);
  expect(statements).toHaveLength(1);
});

test("while the model is down, the story is public and analysed, and the model reads it later", async () => {
  const jobs = () =>
    app.superuser<{ isLater: boolean }>(
      `SELECT start_after > now() + interval '4 minutes' AS "isLater" FROM jobs.job
       WHERE name = 'analyse-with-model' AND state = 'created'`,
    );
  play = () => refuses(503);
  const story = await app.given.story({ author: "ada", text: FERRY, publish: true });
  const events = app.anonymous().subscribe(PROGRESS, { storyId: idOf(story) });
  for await (const event of events) {
    const isPending = event.at("storyAnalysisProgress.status") === "PENDING";
    if (isPending && (await jobs())[0]?.isLater) break;
  }
  const down = await app.anonymous().query(READ, { id: idOf(story) });
  const waiting = await jobs();
  const { analyses: lost } = await app.requeueLost();

  play = (request) => says(goodAnswer(request));
  await app.superuser("UPDATE jobs.job SET start_after = now() WHERE state = 'created'");
  await app.anonymous().follow(PROGRESS, { storyId: idOf(story) });

  const back = await app.anonymous().query(READ, { id: idOf(story) });
  expect(down.at("node")).toMatchObject({
    ...{ analysisStatus: "READY", analysis: { analyzer: { name: "embedded" } } },
  });
  expect(waiting).toEqual([{ isLater: true }]);
  expect(lost).toBe(0);
  expect(back.at("node.analysis.analyzer.name")).toBe("model");
});

test("an author lets the model read a story again that the model could not read", async () => {
  play = () => refuses(401);
  const story = await app.given.story({ author: "ada", text: FERRY, publish: true });
  await app.anonymous().follow(PROGRESS, { storyId: idOf(story) });
  const failed = await app.anonymous().query(READ, { id: idOf(story) });
  play = (request) => says(goodAnswer(request));

  const queued = await reanalyze(app, story);
  await app.anonymous().follow(PROGRESS, { storyId: idOf(story) });
  const again = await reanalyze(app, story);
  const { version } = story;
  await app.services.stories.archive(subjectOf("ada"), { id: story.id, version });
  const archived = await reanalyze(app, story);
  const read = await app.anonymous().query(READ, { id: idOf(story) });

  expect(failed.list("node.analyses.*.analyzer.name")).toEqual(["embedded"]);
  expect(queued.at("reanalyzeStory")).toMatchObject({ outcome: "QUEUED", userErrors: [] });
  expect(again.at("reanalyzeStory.outcome")).toBe("CURRENT");
  expect(archived.list("reanalyzeStory.userErrors.*.code")).toEqual(["CONFLICT"]);
  expect(read.list("node.analyses.*.analyzer.name")).toEqual(["model", "embedded"]);
});

test("a server without a model refuses the model, and names every wrong field", async () => {
  const story = await without.given.story({ author: "ada", text: FERRY, analyse: true });

  const refused = await reanalyze(without, story);
  const both = await reanalyze(without, story, { id: "nothing" });
  const embedded = await reanalyze(without, story, { analyzer: null });

  expect(refused.at("reanalyzeStory")).toMatchObject({
    ...{ outcome: null, story: null },
    userErrors: [{ code: "BAD_USER_INPUT", path: ["analyzer"] }],
  });
  expect(refused.text("reanalyzeStory.userErrors.0.message")).toContain("no language model");
  expect(both.list("reanalyzeStory.userErrors.*.path")).toEqual([["id"], ["analyzer"]]);
  expect(embedded.at("reanalyzeStory")).toMatchObject({ outcome: "CURRENT", userErrors: [] });
  expect(await without.superuser("SELECT FROM reference.story_analyses")).toHaveLength(1);
});
