import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
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

const RUSSIAN = "Колокол ударил, и никто не ответил.";

test("one Russian sentence is silent and degraded, and the rest of the book is spoken", async () => {
  const narration = await narrationOf("The bell rang in the fog.\n\nHush.\n\nNobody answered her.");
  await edited(app, narration, { index: 1, text: RUSSIAN });
  const owner = ownerOf(narration.userId);

  const estimate = await studio.rendering.estimate(owner, narration.id);
  const { status, failure } = await studio.render(narration);

  const reason = expect.stringContaining("cannot read") as string;
  expect(estimate.silentSegments).toEqual([{ position: 1, reason }]);
  expect({ status, failure }).toEqual({ status: "ready", failure: null });
  const [rendition] = await app.superuser<{ degraded: object[]; words: object[] }>(
    "SELECT degraded, words FROM instances.user_renditions",
  );
  expect(rendition).toEqual({ words: [], degraded: [{ feature: "text", reason }] });
});

test("a silent segment is not spoken again, and keeps its place in captions and timings", async () => {
  const narration = await narrationOf("The bell rang in the fog.\n\nHush.\n\nNobody answered her.");
  await edited(app, narration, { index: 1, text: RUSSIAN });

  const first = await studio.render(narration);
  studio.newlySaid();
  await edited(app, narration, { index: 0, text: "The bell rang twice in the fog." });
  const second = await studio.render(narration);

  expect(studio.newlySaid()).toEqual(["The bell rang twice in the fog."]);
  for (const { audio } of [first, second]) {
    const timings = JSON.parse(await studio.text(audio?.timings ?? "")) as {
      segments: { text: string; words: object[] }[];
    };
    expect(timings.segments[1]).toMatchObject({ text: RUSSIAN, words: [] });
  }
});

test("a script that is mostly unspeakable is refused before it is queued", async () => {
  const narration = await narrationOf("The bell rang.\n\nHush.");
  await edited(app, narration, { index: 1, text: RUSSIAN });
  const queued = studio.orders.length;

  const refused = studio.request(narration);

  await expect(refused).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("1 of 2 segments cannot be spoken. Segment 1:"),
  });
  expect(studio.orders).toHaveLength(queued);
});
