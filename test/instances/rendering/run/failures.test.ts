import { open } from "node:fs/promises";
import { ProviderError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
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

const GIVEN_UP = { message: null, errorId: "e-1" };

/**
 * Returns a function for `beforeSpeaking` that refuses this text. The refusal is temporary if
 * `retryable` is true, and permanent otherwise.
 */
const refusing =
  (text: string, retryable = false) =>
  ({ text: asked }: { readonly text: string }): void => {
    if (asked.includes(text)) throw new ProviderError(`The engine cannot say ${text}.`, retryable);
  };

describe("a segment that cannot be spoken", () => {
  test("is named; the other renditions are kept, and after an edit only this segment is spoken", async () => {
    const narration = await narrated(app);
    const texts = await textsOf(app, narration);
    const bad = texts[1] ?? "";
    studio.beforeSpeaking = refusing(bad);

    const failed = await studio.render(narration);

    expect(failed.status).toBe("failed");
    expect(failed.failure).toEqual({
      code: "PROVIDER_FAILED",
      message: `Segment 1 cannot be spoken: The engine cannot say ${bad}.`,
      position: 1,
    });
    expect(studio.newlySaid()).toEqual(texts.filter((text) => text !== bad));
    await edited(app, narration, { index: 1, text: "Who rings?" });
    expect((await studio.render(narration)).status).toBe("ready");
    expect(studio.newlySaid()).toEqual(["Who rings?"]);
  });

  test("is the only segment that the next render speaks", async () => {
    const narration = await narrated(app);
    const bad = (await textsOf(app, narration))[1] ?? "";
    studio.beforeSpeaking = refusing(bad);
    await studio.render(narration);
    studio.newlySaid();
    studio.beforeSpeaking = () => undefined;

    const again = await studio.render(narration);

    expect(studio.newlySaid()).toEqual([bad]);
    expect(again).toMatchObject({ status: "ready", failure: null });
  });

  test("makes the job retry after a temporary failure; the last retry stores the segment", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeSpeaking = refusing("Otto", true);
    await expect(studio.renders.run(order)).rejects.toThrow("The engine cannot say Otto.");
    expect((await app.given.reread(narration)).status).toBe("rendering");
    await expect(studio.renders.run(order)).rejects.toThrow("The engine cannot say Otto.");

    await studio.renders.giveUp(order, GIVEN_UP);

    const { status, failure } = await app.given.reread(narration);
    const position = (await textsOf(app, narration)).findIndex((text) => text.includes("Otto"));
    expect({ status, failure }).toEqual({
      status: "failed",
      failure: {
        code: "PROVIDER_FAILED",
        message: `Segment ${position} cannot be spoken: The engine cannot say Otto.`,
        position,
      },
    });
  });

  test("names its voice if the voice disappears between request and run", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    await app.superuser("UPDATE instances.user_story_narrations SET narrator_voice = 'flite:gone'");

    const failure: unknown = await studio.renders.run(order).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: "CONFLICT", retryable: false });
    const { message } = failure as Error;
    await studio.renders.giveUp(order, { ...GIVEN_UP, message });
    expect(await app.given.reread(narration)).toMatchObject({
      status: "failed",
      failure: { message: expect.stringContaining("flite:gone, which is no longer available") },
    });
  });
});

describe("a full disk", () => {
  test("is named as the reason and keeps stored renditions; with space the render continues", async () => {
    let filesLeft = 3;
    const openFile = (path: string, flags: string, mode?: number) => {
      if (filesLeft === 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      filesLeft -= 1;
      return open(path, flags, mode);
    };
    await studio.close();
    studio = await Studio.open(app, { openFile: async (...file) => openFile(...file) });
    const narration = await narrated(app);
    const order = await studio.request(narration);

    await expect(studio.renders.run(order)).rejects.toMatchObject({ retryable: true });
    await expect(studio.renders.run(order)).rejects.toMatchObject({ retryable: true });
    await studio.renders.giveUp(order, GIVEN_UP);

    const { status, failure } = await app.given.reread(narration);
    expect(status).toBe("failed");
    expect(failure).toEqual({
      code: "PROVIDER_FAILED",
      message: expect.stringContaining("disk of the blob storage is full (ENOSPC)"),
      position: null,
    });
    filesLeft = 100;
    studio.newlySaid();
    expect((await studio.render(narration)).status).toBe("ready");
    // The studio itself stored the first of the three files, so two files were left for segments.
    expect(studio.newlySaid()).toEqual((await textsOf(app, narration)).slice(2));
  });
});

describe("an internal error", () => {
  test("is reported with an error id and advice, never with its own message", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeSpeaking = () => {
      throw new TypeError("voices[3].phones is undefined");
    };
    await expect(studio.renders.run(order)).rejects.toThrow(TypeError);

    await studio.renders.giveUp(order, GIVEN_UP);

    const { status, failure } = await app.given.reread(narration);
    expect(status).toBe("failed");
    expect(failure).toEqual({
      code: "RENDER_FAILED",
      message:
        "An internal error stopped the render of this narration (error id e-1); render it again.",
      position: null,
    });
  });

  test("does not end a render that made progress: the next attempt continues", async () => {
    const narration = await narrated(app);
    const texts = await textsOf(app, narration);
    const order = await studio.request(narration);
    studio.beforeSpeaking = () => {
      if (studio.said.length === 1) throw new Error("The worker was stopped.");
    };
    await expect(studio.renders.run(order)).rejects.toThrow("The worker was stopped.");

    await studio.renders.giveUp(order, GIVEN_UP);
    await studio.renders.giveUp(order, GIVEN_UP);

    const next = studio.orders.at(-1);
    expect(next).toEqual({ ...order, attempt: 2 });
    expect((await app.given.reread(narration)).status).toBe("rendering");
    studio.beforeSpeaking = () => undefined;
    await studio.renders.run(next ?? order);
    expect(studio.newlySaid()).toEqual(texts);
    expect((await app.given.reread(narration)).status).toBe("ready");
  });
});
