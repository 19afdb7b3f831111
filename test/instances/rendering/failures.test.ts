import { ProviderError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
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

/** A provider that refuses this text for good, or for now. */
const refusing =
  (text: string, retryable = false) =>
  ({ text: asked }: { readonly text: string }): void => {
    if (asked.includes(text)) throw new ProviderError(`The engine cannot say ${text}.`, retryable);
  };

describe("what cannot be spoken", () => {
  test("is named; all else is kept, and after an edit only that segment is made", async () => {
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

  test("a failure that may pass is thrown to be tried again; given up, it names its segment", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    studio.beforeSpeaking = refusing("Otto", true);
    await expect(studio.renders.run(order)).rejects.toThrow("The engine cannot say Otto.");
    expect((await app.given.reread(narration)).status).toBe("rendering");

    await studio.renders.giveUp(order, "The engine cannot say Otto.");

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

  test("a voice that vanishes between request and run ends in a failure, not for ever in the queue", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    await app.superuser("UPDATE instances.user_story_narrations SET narrator_voice = 'flite:gone'");
    await expect(studio.renders.run(order)).rejects.toThrow("no longer on offer");

    await studio.renders.giveUp(order, "The voice is no longer on offer.");

    expect(await app.given.reread(narration)).toMatchObject({
      status: "failed",
      failure: { message: "The voice is no longer on offer." },
    });
  });
});
