import { NO_QUOTAS } from "../../../../src/config.js";
import { RenderingService, SpeechDirectory, ownerOf } from "../../../../src/instances/index.js";
import { flite, fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import type { SpeechCapabilities } from "../../../../src/providers/speech/speech.port.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { edited, narrated, textsOf } from "../narrated.js";
import { Studio } from "../studio.js";

const ada = ownerOf("ada");

let app: TestApp;
let studio: Studio;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  studio = await Studio.open(app);
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

/** Returns a rendering service. Speech with its voices costs this price. */
function renderingAt(price: SpeechCapabilities["price"]): RenderingService {
  const provider = fliteSpeech(() => Promise.reject(new Error("Nothing is spoken here.")));
  const capabilities = { ...provider.capabilities(), ...(price ? { price } : {}) };
  return new RenderingService({
    quotas: NO_QUOTAS,
    ...app.services,
    speech: new SpeechDirectory([{ ...provider, capabilities: () => capabilities }]),
    storage: app.storage,
    enqueue: () => Promise.resolve(),
    sweepLater: () => Promise.resolve(),
  });
}

test("speech that is free costs nothing", async () => {
  const { id } = await narrated(app);

  expect((await renderingAt(undefined).estimate(ada, id)).cost).toBeNull();
});

test("speech that is billed costs a price for its letters, and rendered speech costs nothing", async () => {
  const narration = await narrated(app);
  const texts = new Set(await textsOf(app, narration));
  const letters = [...texts].reduce((sum, text) => sum + text.length, 0);
  const rendering = renderingAt({ microsPerMillionChars: 15_000_000, currency: "EUR" });

  const before = await rendering.estimate(ada, narration.id);
  await studio.render(narration);
  const after = await rendering.estimate(ada, narration.id);
  await edited(app, narration, { index: 0, text: "Twelve chars" });
  const changed = await rendering.estimate(ada, narration.id);

  expect(before.cost).toEqual({ micros: letters * 15, currency: "EUR" });
  expect(after.cost).toBeNull();
  expect(changed.cost).toEqual({ micros: 12 * 15, currency: "EUR" });
});

test("the estimate names an unavailable voice and counts its segments", async () => {
  const narration = await narrated(app);
  await studio.render(narration);
  const voices = `SELECT jsonb_agg(c || '{"voice": "flite:gone"}') FROM jsonb_array_elements(voice_cast) c`;
  await app.superuser(`UPDATE instances.user_story_narrations SET voice_cast = (${voices})`);
  const said = (await app.given.script(narration)).filter(({ speakerId }) => speakerId !== null);

  const estimate = await studio.rendering.estimate(ada, narration.id);

  expect(said.length).toBeGreaterThan(0);
  expect(estimate).toMatchObject({
    segmentsToRender: said.length,
    unavailableVoices: [expect.objectContaining({ id: "flite:gone" })],
  });
  expect(estimate.seconds).toBeGreaterThan(0);
});

test("every voice is unavailable for a language that no voice speaks", async () => {
  const text = "Die Glocke schlug. Wer ist da?";
  const story = await app.given.story({ text, language: "de", analyse: true });
  const { id, segmentCount } = await app.given.narration({ owner: "ada", story });

  const estimate = await studio.rendering.estimate(ada, id);

  expect(estimate.unavailableVoices.map(({ id: voice }) => voice)).toEqual([
    flite.listVoices()[0]?.id,
  ]);
  expect(estimate.segmentsToRender).toBe(segmentCount);
});
