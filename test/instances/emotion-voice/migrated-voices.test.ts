import { type TestApp, testApp } from "../../support/app.js";
import { Trainings } from "./trainings.js";

let app: TestApp;
let trainings: Trainings;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  trainings = await Trainings.begin(app);
});
afterEach(() => app.clean());
afterAll(() => app.close());

describe("the emotion voices of the earlier platform", () => {
  const migrated = async (key: string, status: string, revision: number) =>
    app.superuser(
      `INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, revision, kind, provider,
         provider_voice_id, training_status, state)
       SELECT 'ada', $1, v.id, $3, 'cloned', 'vendor', 'a clone', $2, 'awaiting_consent' FROM instances.user_voices v`,
      [await trainings.template(key), status, revision],
    );
  const waiting = async () =>
    (await trainings.rows()).filter(({ state }) => state === "awaiting_consent").length;

  beforeEach(async () => {
    await app.superuser(
      `INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
       VALUES ('ada', 'vendor:own-1234567890123456789012', 'vendor', 'cloned', 'Mine', 'en')`,
    );
    await migrated("neutral", "ready", 4);
    await migrated("neutral", "ready", 6);
    await migrated("joy", "collecting", 7);
    await migrated("fear", "failed", 8);
  });

  test("wait for a consent beside the voices that are trained here", async () => {
    for (const key of ["neutral", "joy", "fear"]) await trainings.record(key, 30);

    const asked = await trainings.ask([], { provider: "vendor" });
    trainings.answer = (order) => trainings.clone(order);
    await trainings.run();

    expect(asked.voice).toBe("vendor:own-1234567890123456789012");
    expect(await waiting()).toBe(4);
    const trained = (await trainings.rows()).filter(({ state }) => state === "usable");
    expect(trained).toMatchObject([
      { key: "neutral", status: "ready", revision: 7 },
      { key: "fear", status: "ready", revision: 9 },
      { key: "joy", status: "ready", revision: 8 },
    ]);
  });

  test("do not count as a neutral voice", async () => {
    await trainings.record("joy", 30);

    await trainings.ask([], { provider: "vendor" });

    expect(await trainings.states()).toContain("joy collecting");
    expect(await waiting()).toBe(4);
    expect(trainings.queued).toEqual([]);
  });
});
