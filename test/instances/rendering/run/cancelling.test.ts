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

  test("a running render stops at the next segment and keeps its finished renditions", async () => {
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

  test("a render that is already joining stops", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeJoining = async (signal) => {
      await Promise.all([once(signal, "abort"), cancel(narration)]);
      signal.throwIfAborted();
    };

    await studio.renders.run(order);

    expect((await app.given.reread(narration)).status).toBe("cancelled");
  });

  /** Cancels without a notification, as if the notification was lost or came too late. */
  const cancelWithoutNotification = async (): Promise<void> => {
    await app.superuser("UPDATE instances.user_narration_renders SET finished_at = now()");
    await app.superuser("UPDATE instances.user_story_narrations SET status = 'cancelled'");
  };

  test("a cancelled render stays cancelled, even if the sound is finished a moment later", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeJoining = async () => {
      await cancelWithoutNotification();
    };

    await studio.renders.run(order);

    const { status, audio } = await app.given.reread(narration);
    expect({ status, audio }).toEqual({ status: "cancelled", audio: null });
  });

  test("a render whose worker died is cancelled at once, can be edited and does not run again", async () => {
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

  test("the old worker leaves a narration that is rendered again to the new worker", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    const again: RenderOrder[] = [];
    studio.beforeSpeaking = async () => {
      if (studio.said.length !== 1 || again.length > 0) return;
      await cancel(narration);
      again.push(await studio.request(narration));
    };

    const ended = await studio.renders.run(order);

    expect(ended).toBe(`Attempt 1 to render narration ${narration.id} is no longer needed`);
    expect((await app.given.reread(narration)).status).toBe("queued");
    await studio.renders.run(again[0] ?? order);
    expect((await app.given.reread(narration)).status).toBe("ready");
  });

  test("without a render under way, nothing changes", async () => {
    const narration = await narrated(app);

    expect(await cancel(narration)).toEqual(await app.given.reread(narration));
  });
});

describe("a worker that the queue believes dead", () => {
  test("speaks no stored rendition again and overwrites no later change", async () => {
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

  test("deleting a narration ends its render", async () => {
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
