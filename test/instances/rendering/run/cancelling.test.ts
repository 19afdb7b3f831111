import { once } from "node:events";
import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import type { RenderOrder } from "../../../../src/instances/rendering/render-order.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { gate } from "../../../support/blocked.js";
import { edited, narrated, textsOf } from "../narrated.js";
import { Studio } from "../studio.js";

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
  const cancelUnheard = async (): Promise<void> => {
    await app.superuser("UPDATE instances.user_narration_renders SET finished_at = now()");
    await app.superuser("UPDATE instances.user_story_narrations SET status = 'cancelled'");
  };

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

  test("one whose worker died ends at once, may be edited, and is not taken up again", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeSpeaking = () => {
      throw new Error("The worker was stopped.");
    };
    await expect(studio.renders.run(order)).rejects.toThrow("The worker was stopped.");
    const working = await app.given.reread(narration);
    studio.beforeSpeaking = () => undefined;

    const cancelled = await cancel(narration);
    await edited(app, narration, { index: 0, text: "The bell rang twice." });
    const afterwards = await app.given.reread(narration);
    await studio.renders.run(order);
    await studio.renders.giveUp(order, { message: null, errorId: "e-1" });

    expect([working.status, cancelled.status]).toEqual(["rendering", "cancelled"]);
    expect(studio.said).toEqual([]);
    expect(await app.given.reread(narration)).toEqual(afterwards);
    const [render] = await app.superuser<{ ended: boolean }>(
      "SELECT finished_at IS NOT NULL AS ended FROM instances.user_narration_renders",
    );
    expect(render).toEqual({ ended: true });
  });

  test("one that is rendered again at once is left to the new worker by the old", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    const again: RenderOrder[] = [];
    studio.beforeSpeaking = async () => {
      if (studio.said.length !== 1 || again.length > 0) return;
      await cancel(narration);
      again.push(await studio.request(narration));
    };

    const ended = await studio.renders.run(order);

    expect(ended).toContain("needs no render 1 any more");
    expect((await app.given.reread(narration)).status).toBe("queued");
    await studio.renders.run(again[0] ?? order);
    expect((await app.given.reread(narration)).status).toBe("ready");
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
