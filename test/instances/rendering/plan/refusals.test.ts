import { ownerOf } from "../../../../src/instances/index.js";
import { ConflictError, NotFoundError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { TEXT, edited, narrated } from "../narrated.js";
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

describe("refused requests", () => {
  const owner = ownerOf("ada");

  test("a narration cannot be edited while it renders", async () => {
    const narration = await narrated(app);
    await studio.request(narration);

    await expect(edited(app, narration, { index: 0, text: "Other words." })).rejects.toThrow(
      "This narration is rendering; cancel it before editing.",
    );
  });

  test("one of two render requests at the same time is a conflict", async () => {
    const narration = await narrated(app);

    const results = await Promise.allSettled([
      studio.rendering.request(owner, narration),
      studio.rendering.request(owner, narration),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const reasons = results.flatMap((each) =>
      each.status === "rejected" ? [each.reason as unknown] : [],
    );
    expect(reasons[0]).toBeInstanceOf(ConflictError);
    expect(String(reasons[0])).toContain("is rendering already");
    expect(studio.orders).toHaveLength(1);
  });

  test("a stale version cannot be rendered", async () => {
    const { id, version } = await narrated(app);

    await expect(studio.rendering.request(owner, { id, version: version - 1 })).rejects.toThrow(
      `This narration is at version ${version}, you read version ${version - 1}`,
    );
  });

  test("another user's narration fails like a narration that does not exist", async () => {
    const { id, version } = await narrated(app, "ben");
    await app.given.user("ada");
    const reasonOf = (work: Promise<unknown>) =>
      work.then(String, (error: unknown) => [error instanceof NotFoundError, String(error)]);

    for (const ask of [
      (narration: string) => studio.rendering.request(owner, { id: narration, version }),
      (narration: string) => studio.rendering.cancel(owner, narration),
      (narration: string) => studio.rendering.estimate(owner, narration),
    ]) {
      const hers = await reasonOf(ask(id));
      expect(hers).toEqual([true, "NotFoundError: You have no such narration."]);
      expect(await reasonOf(ask("999999"))).toEqual([
        true,
        "NotFoundError: You have no such narration.",
      ]);
    }
  });

  test("a narration without a script cannot be rendered", async () => {
    const story = await app.given.story({ text: TEXT, publish: true });
    const narration = await app.given.narration({ owner: "ada", story });

    await expect(studio.rendering.request(owner, narration)).rejects.toThrow(
      "This narration has no script yet",
    );
  });

  test("an unavailable voice is named, together with some available voices", async () => {
    const narration = await narrated(app);
    await app.superuser("UPDATE instances.user_story_narrations SET narrator_voice = 'flite:gone'");

    await expect(studio.rendering.request(owner, narration)).rejects.toThrow(
      /has the voice flite:gone, which is no longer available; choose another of `voices`, such as flite:slt, flite:\w+/,
    );
  });

  test.each([
    ["de", "Die Glocke schlug. Wer ist da?"],
    ["ru", "Колокол ударил."],
    ["zh-CN", "鐘響了。"],
  ])(
    "a language that no voice speaks (%s) is refused before anything is spoken",
    async (language, text) => {
      const story = await app.given.story({ text, language, analyse: true });
      const narration = await app.given.narration({ owner: "ada", story });

      await expect(studio.rendering.request(owner, narration)).rejects.toThrow(
        new ConflictError(
          `This narration is in the language "${language}". The voice flite:slt of segment 0 does not speak this language; no available voice does.`,
        ),
      );
      expect(studio.orders).toEqual([]);
      expect(studio.said).toEqual([]);
    },
  );
});
