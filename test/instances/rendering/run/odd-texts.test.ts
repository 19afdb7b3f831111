import type { NarrationEntity } from "../../../../src/instances/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { edited } from "../narrated.js";
import { Studio } from "../studio.js";

let app: TestApp;
let studio: Studio;
beforeAll(async () => {
  app = await testApp();
  studio = await Studio.open(app, { joins: true });
});
afterEach(() => app.clean());
afterAll(async () => {
  await studio.close();
  await app.close();
});

const narrationOf = async (text: string): Promise<NarrationEntity> => {
  const story = await app.given.story({ text, analyse: true });
  return app.given.narration({ owner: "ada", story });
};

test.each([
  ["only punctuation", "… !? — …"],
  ["only emoji", "🙂 🙂 🙂"],
])("a script of %s renders to silence with a finite loudness", async (_of, text) => {
  const narration = await narrationOf("Hush.");
  await edited(app, narration, { index: 0, text });

  const { status, failure, audio, loudnessLufs } = await studio.render(narration);

  expect({ status, failure }).toEqual({ status: "ready", failure: null });
  expect(Number.isFinite(audio?.loudnessLufs)).toBe(true);
  expect(Number.isFinite(loudnessLufs)).toBe(true);
});

test("numbers, dates, addresses and capitals are spoken", async () => {
  const narration = await narrationOf("PAY £4.50 on 3/5 at 5:30, or see https://a.org/b?c=1");

  const { status, durationMs } = await studio.render(narration);

  expect(status).toBe("ready");
  expect(durationMs).toBeGreaterThan(3000);
});
