import type { NarrationEntity } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { edited } from "./narrated.js";
import { Studio } from "./studio.js";

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

const narrationOf = async (text: string, language = "en"): Promise<NarrationEntity> => {
  const story = await app.given.story({ text, language, analyse: true });
  return app.given.narration({ owner: "ada", story });
};

test.each([
  ["only signs", "… !? — …"],
  ["only emoji", "🙂 🙂 🙂"],
])("a script of %s is a silence with numbers that can be read", async (_of, text) => {
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

test("a language that no voice speaks is said to be so, at its segment", async () => {
  const { status, failure } = await studio.render(await narrationOf("Die Glocke schlug.", "de"));

  expect(status).toBe("failed");
  expect(failure).toEqual({
    code: "PROVIDER_FAILED",
    message:
      "Segment 0 cannot be spoken: flite speaks English (en), not de; choose a voice of another provider.",
    position: 0,
  });
});
