import { once } from "node:events";
import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import { edited, narrated, textsOf } from "./narrated.js";
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

  /** Asked while nobody hears: the notification is lost with a connection, or comes too late. */
  const cancelUnheard = () =>
    app.superuser("UPDATE instances.user_narration_renders SET cancel_requested = true");

  test("one that is accepted stands, also where the sound is done a moment later", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeJoining = async () => {
      await cancelUnheard();
    };

    await studio.renders.run(order);

    const { status, audio } = await app.given.reread(narration);
    expect({ status, audio }).toEqual({ status: "cancelled", audio: null });
  });

  test("a render whose worker died before it heard of it is not taken up again", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    await cancelUnheard();

    await studio.renders.run(order);

    expect(studio.said).toEqual([]);
    expect((await app.given.reread(narration)).status).toBe("cancelled");
  });

  test("nothing under way: nothing happens", async () => {
    const narration = await narrated(app);

    expect(await cancel(narration)).toEqual(await app.given.reread(narration));
  });
});

describe("a worker that was taken for dead", () => {
  test("says nothing twice that another has kept, and cannot undo what came after", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    const slow = studio.restarted();
    const arrived = gate();
    const waiting = gate();
    slow.beforeJoining = async () => {
      arrived.open();
      await waiting.opened;
    };
    const late = slow.renders.run(order);
    await arrived.opened;

    await studio.renders.run(order);
    await edited(app, narration, { index: 0, text: "The bell rang twice." });
    const afterwards = await app.given.reread(narration);
    waiting.open();
    await late;

    expect(slow.said).toEqual(await textsOf(app, narration).then(unedited));
    expect(studio.said).toEqual([]);
    expect(await app.given.reread(narration)).toEqual(afterwards);
  });

  test("a narration that is deleted meanwhile ends its render", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeSpeaking = async () => {
      const now = await app.given.reread(narration);
      studio.beforeSpeaking = () => undefined;
      await app.services.narrations.delete(ownerOf(narration.userId), now);
    };

    await studio.renders.run(order);

    expect(studio.said.length).toBeLessThan(narration.segmentCount);
    expect(await app.superuser("SELECT FROM instances.user_narration_renders")).toEqual([]);
  });
});

const unedited = ([, ...texts]: readonly string[]) => ["The bell rang.", ...texts];
