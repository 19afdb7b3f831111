import { once } from "node:events";
import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { narrated, textsOf } from "./narrated.js";
import { Studio } from "./studio.js";

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

describe("cancelling", () => {
  const cancel = ({ userId, id }: NarrationEntity) => studio.rendering.cancel(ownerOf(userId), id);

  test("a queued render is cancelled at once, and its job does nothing", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);

    const cancelled = await cancel(narration);
    await studio.renders.run(order);

    expect(cancelled.status).toBe("cancelled");
    expect(studio.said).toEqual([]);
    expect((await app.given.reread(narration)).status).toBe("cancelled");
  });

  test("a running one stops at the next segment and keeps what it made", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeSpeaking = async () => {
      if (studio.said.length === 1) await cancel(narration);
    };

    await studio.renders.run(order);

    const texts = await textsOf(app, narration);
    const made = studio.newlySaid();
    expect((await app.given.reread(narration)).status).toBe("cancelled");
    expect(made.length).toBeLessThan(texts.length);
    studio.beforeSpeaking = () => undefined;
    expect((await studio.render(narration)).status).toBe("ready");
    expect([...made, ...studio.newlySaid()]).toEqual(texts);
  });

  test("one that joins already stops as well", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeJoining = async (signal) => {
      await Promise.all([once(signal, "abort"), cancel(narration)]);
      signal.throwIfAborted();
    };

    await studio.renders.run(order);

    expect((await app.given.reread(narration)).status).toBe("cancelled");
  });

  test("nothing under way: nothing happens", async () => {
    const narration = await narrated(app);

    expect(await cancel(narration)).toEqual(await app.given.reread(narration));
  });
});
