import { FERRY, goodAnswer, readRequest } from "../../reference/analysis/model/played-models.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import {
  type LanguageModelServer,
  type Play,
  languageModelServer,
  says,
} from "../../support/language-model-server.js";
import { type FabulaProcess, endProcesses, fabulaProcess } from "../harness/fabula.process.js";

let app: TestApp;
let model: LanguageModelServer;
let play: Play;
beforeAll(async () => {
  app = await testApp({ poolSize: 3 });
  model = await languageModelServer((request, count) => play(request, count));
});
beforeEach(() => {
  model.forget();
});
afterEach(() => app.clean());
afterAll(async () => {
  endProcesses();
  await model.close();
  await app.close();
});

/** Starts a worker with the model. Its context is so short that the story has several windows. */
const worker = (): Promise<FabulaProcess> =>
  fabulaProcess("worker", app.testDatabase, {
    LLM_URL: model.url,
    LLM_MODEL: "played",
    LLM_CONTEXT_TOKENS: "2000",
  });

/** What each request was about: its prompt, and the lines that it sent. */
const asked = () =>
  model.requests.map((request) => {
    const { isWhole, lines, quotes } = readRequest(request);
    return isWhole ? "whole" : `${quotes[0]?.id}-${lines.at(-1)?.id}`;
  });

const analyses = () =>
  app.superuser<{ analyser: string; status: string; segments: number }>(
    `SELECT analyzer_id AS analyser, status,
       (SELECT count(*)::int FROM reference.story_segments s WHERE s.analysis_id = a.id) AS segments
     FROM reference.story_analyses a ORDER BY id`,
  );

test("a killed worker leaves its answers to another worker, which asks for none of them again", async () => {
  const second = gate();
  play = async (request, count) => {
    // The first worker waits for the answer to its third request until it is killed.
    if (count === 2) {
      second.open();
      await gate().opened;
    }
    return says(goodAnswer(request));
  };
  const first = await worker();
  const story = await app.given.story({ text: FERRY, publish: true });
  await second.opened;
  await first.kill();
  const [embedded, reading] = await analyses();
  const before = asked();
  model.forget();
  play = (request) => says(goodAnswer(request));

  const other = await worker();
  await app.analysed(story);

  expect(embedded).toMatchObject({ analyser: "embedded", status: "ready" });
  expect(reading).toEqual({ analyser: "model", status: "running", segments: 0 });
  expect(asked()[0]).toBe(before[2]);
  for (const answered of before.slice(0, 2)) expect(asked()).not.toContain(answered);
  expect(await analyses()).toEqual([
    embedded,
    { analyser: "model", status: "ready", segments: embedded?.segments },
  ]);
  expect(await app.superuser("SELECT FROM reference.model_answers")).toEqual([]);
  await other.stop();
});

test("two workers read the texts of several authors, and ask nothing twice", async () => {
  play = (request) => says(goodAnswer(request));
  const workers = await Promise.all([worker(), worker()]);

  const stories = await Promise.all(
    ["ada", "ben", "cleo"].map((author) =>
      app.given.story({
        author,
        language: author === "ada" ? "en" : "en-GB",
        text: FERRY,
        publish: true,
      }),
    ),
  );
  for (const story of stories) await app.analysed(story);

  const texts = 2;
  expect(await analyses()).toHaveLength(2 * texts);
  expect(asked()).toHaveLength(texts * new Set(asked()).size);
  for (const each of workers) await each.stop();
});
