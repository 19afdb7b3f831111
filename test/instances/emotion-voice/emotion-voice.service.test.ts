import { AfterRevoking } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { Trainings, ada } from "./trainings.js";

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

const voices = () =>
  app.superuser<{ voice: string; name: string; kind: string; provider: string }>(
    "SELECT voice, display_name AS name, kind, provider FROM instances.user_voices ORDER BY id",
  );
const conflict = (message: string) => ({
  code: "CONFLICT",
  message: expect.stringContaining(message),
});
const revoke = (after: AfterRevoking) => app.services.consents.revoke(ada, after);

describe("training all templates", () => {
  test("trains what has enough speech, neutral first, and says what needs more speech", async () => {
    await trainings.record("joy", 9);
    await trainings.record("fear", 3);
    await trainings.record("neutral", 20);
    await trainings.record("neutral", 10.5);

    const asked = await trainings.ask();

    expect(asked.emotionVoices.map(({ trainingStatus }) => trainingStatus)).toEqual([
      ...["training", "training", "collecting"],
    ]);
    expect(await trainings.states()).toEqual([
      ...["neutral training", "fear collecting", "joy training"],
    ]);
    expect(await voices()).toEqual([
      { voice: asked.voice, name: "My voice", kind: "adapted", provider: "flite" },
    ]);
    expect(trainings.queued).toEqual([await trainings.order()]);
    expect(await trainings.locked()).toEqual(["joy", "neutral"]);
  });

  test("only collects while the neutral template has too little speech", async () => {
    await trainings.record("joy", 9);
    await trainings.record("neutral", 12);

    await trainings.ask();
    await trainings.ask();

    expect(await trainings.states()).toEqual(["neutral collecting", "joy collecting"]);
    expect([trainings.queued, await trainings.listed()]).toEqual([[], []]);
    expect(await trainings.locked()).toEqual([]);
  });

  test("leaves out what is in training, and is refused if nothing else is there", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask();

    await expect(trainings.ask()).rejects.toMatchObject(conflict("follow voiceTrainingProgress"));
    await trainings.record("joy", 8);
    await trainings.ask();

    expect(await trainings.states()).toEqual(["neutral training", "joy training"]);
    // The job that trains the neutral voice also trains the joy.
    expect(trainings.queued).toHaveLength(1);
  });

  test("is refused without any recording, and makes no voice", async () => {
    await expect(trainings.ask()).rejects.toMatchObject(conflict("record the neutral template"));

    expect(await voices()).toEqual([]);
  });

  test("uses the row that waited for more speech", async () => {
    await trainings.record("neutral", 29.99);
    const [waiting] = (await trainings.ask()).emotionVoices;
    await trainings.record("neutral", 0.01);

    const [training] = (await trainings.ask()).emotionVoices;

    expect(training).toMatchObject({ id: waiting?.id, trainingStatus: "training", revision: 1 });
  });
});

describe("training named templates", () => {
  test("is refused with the missing seconds, and changes nothing", async () => {
    await trainings.record("neutral", 30);
    await trainings.record("joy", 3.25);

    await expect(trainings.ask(["neutral", "joy"])).rejects.toMatchObject(
      conflict(
        "Joy needs 8 s of speech, and your accepted voice samples have 3.25 s; record 4.75 s",
      ),
    );

    expect([await voices(), await trainings.states(), trainings.queued]).toEqual([[], [], []]);
    expect(await trainings.locked()).toEqual([]);
  });

  test("needs the neutral voice, or neutral speech first", async () => {
    await trainings.record("joy", 9);
    await expect(trainings.ask(["joy"])).rejects.toMatchObject(conflict("record 30 s more"));
    await trainings.record("neutral", 31);

    await expect(trainings.ask(["joy"])).rejects.toMatchObject(
      conflict("train the neutral template"),
    );
    await trainings.ask(["neutral"]);
    await trainings.ask(["joy"]);

    expect(await trainings.states()).toEqual(["neutral training", "joy training"]);
  });

  test("names a template that is in training", async () => {
    await trainings.record("neutral", 30);
    const asked = await trainings.ask(["neutral"]);

    await expect(trainings.ask(["neutral"])).rejects.toMatchObject({
      ...conflict("Your voice for Neutral is being trained already"),
      current: { id: asked.emotionVoices[0]?.id },
    });
  });

  test("counts a template that is named twice once", async () => {
    await trainings.record("neutral", 30);

    await trainings.ask(["neutral", "neutral"]);

    expect(await trainings.states()).toEqual(["neutral training"]);
  });

  test("refuses unknown, untrainable and too many templates", async () => {
    await trainings.record("neutral", 30);
    const thunder = await trainings.template("thunder", "sound");
    const ask = (templateIds: number[]) => trainings.service().train(ada, { templateIds });

    await expect(ask([2_000_000_000])).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(ask([thunder])).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      message: expect.stringContaining("No voice is trained for Thunder"),
      inputPath: ["templateIds", "0"],
    });
    await expect(ask(Array.from({ length: 101 }, (_, id) => id))).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      message: "templateIds has 101 entries; at most 100 are allowed.",
    });
    expect(await voices()).toEqual([]);
  });
});

describe("speech without its words", () => {
  beforeEach(() => trainings.record("neutral", 30));

  test("does not count for an adapted voice, and the refusal says so", async () => {
    await trainings.record("joy", 5);
    await trainings.recordWithoutWords("joy", 4);

    await expect(trainings.ask(["joy", "neutral"])).rejects.toMatchObject(
      conflict(
        "have 9 s, but 4 s of it have no transcript and do not count; record 3 s more and send the words with the recording",
      ),
    );
    await trainings.ask();

    expect(await trainings.states()).toEqual(["neutral training", "joy collecting"]);
  });

  test("is left out of an adapted voice's training", async () => {
    await trainings.recordWithoutWords("neutral", 200);

    await trainings.ask();
    await trainings.run();

    expect(trainings.orders[0]?.samples).toMatchObject([{ transcript: "The words." }]);
    expect(await trainings.states()).toEqual(["neutral ready"]);
  });

  test("counts for a cloned voice", async () => {
    await trainings.recordWithoutWords("joy", 9);

    await trainings.ask(["neutral", "joy"], { provider: "vendor" });

    expect(await trainings.states()).toEqual(["neutral training", "joy training"]);
  });
});

describe("the consent", () => {
  test.each([
    ["no", () => revoke(AfterRevoking.Keep), "agree with grantVoiceConsent"],
    ["an expired", () => trainings.expire(), "expired on"],
  ])("with %s consent, nothing is trained", async (_name, end, message) => {
    await trainings.record("neutral", 30);
    await end();

    await expect(trainings.ask()).rejects.toMatchObject(conflict(message));

    expect(await voices()).toEqual([]);
  });

  test.each(Object.values(AfterRevoking))(
    "a training that is asked during a revocation (%s) ends with the consent",
    async (after) => {
      await trainings.record("neutral", 30);
      const held = await holdRow(app.testDatabase, "SELECT FROM platform.users FOR UPDATE");
      const both = Promise.allSettled([trainings.ask(), revoke(after)]);
      await untilBlocked(app.testDatabase, 2);
      await held.release();
      await both;

      const usable = (await trainings.rows()).filter(({ state }) => state === "usable");
      expect([usable, await trainings.listed()]).toEqual([[], []]);
    },
  );
});

test("two requests at the same time begin one training", async () => {
  await trainings.record("neutral", 30);
  const held = await holdRow(app.testDatabase, "SELECT FROM platform.users FOR UPDATE");
  const both = Promise.allSettled([trainings.ask(), trainings.ask(["neutral"])]);
  await untilBlocked(app.testDatabase, 2);
  await held.release();

  const refused = (await both).filter(({ status }) => status === "rejected");

  expect(refused).toMatchObject([{ reason: conflict("follow voiceTrainingProgress") }]);
  expect(await trainings.states()).toEqual(["neutral training"]);
  expect([trainings.queued.length, (await voices()).length]).toEqual([1, 1]);
});

describe("the voice that is trained", () => {
  beforeEach(() => trainings.record("neutral", 30));

  test("is the one that is named, and keeps its name", async () => {
    const first = await givenPersonalVoice(app, "ada", { displayName: "Old" });
    const second = await givenPersonalVoice(app, "ada", { displayName: "New" });

    const asked = await trainings.ask([], { voiceId: second });

    expect(asked.voice).toBe(second);
    expect((await voices()).map(({ voice, name }) => [voice, name])).toEqual([
      [first, "Old"],
      [second, "New"],
    ]);
  });

  test("is the oldest of the provider, and gets a new name", async () => {
    const first = await givenPersonalVoice(app, "ada");
    await givenPersonalVoice(app, "ada");

    const asked = await trainings.ask([], { provider: "flite", displayName: "Ada, reading" });

    expect(asked.voice).toBe(first);
    expect((await voices()).map(({ name }) => name)).toEqual(["Ada, reading", "My voice"]);
  });

  test("is made by the provider that is named", async () => {
    await trainings.ask([], { provider: "vendor" });

    expect(await voices()).toMatchObject([{ kind: "cloned", provider: "vendor" }]);
  });

  test("is unknown if it belongs to somebody else, to the catalogue, or to nobody", async () => {
    await app.given.user("ben");
    const bens = await givenPersonalVoice(app, "ben");
    const messages = [bens, "flite:slt", "flite:own-AAAAAAAAAAAAAAAAAAAAAA"].map((voiceId) =>
      trainings.ask([], { voiceId }).catch((error: unknown) => error),
    );

    for (const error of await Promise.all(messages)) {
      expect(error).toMatchObject({
        code: "NOT_FOUND",
        message: expect.stringContaining("no such"),
      });
    }
    expect(await trainings.states()).toEqual([]);
  });

  test.each([
    ["another provider", { provider: "vendor" }, "This voice is made by flite"],
    ["an unknown provider", { provider: "espeak" }, "This voice is made by flite"],
  ])("is refused with %s than its own", async (_name, about, message) => {
    const voiceId = await givenPersonalVoice(app, "ada");

    await expect(trainings.ask([], { voiceId, ...about })).rejects.toMatchObject({
      ...{ code: "BAD_USER_INPUT", message: expect.stringContaining(message) },
      inputPath: ["provider"],
    });
  });

  test("is refused if this server has no such provider", async () => {
    const voiceId = await givenPersonalVoice(app, "ada", { provider: "gone", kind: "cloned" });

    await expect(trainings.ask([], { voiceId })).rejects.toMatchObject({
      ...{ code: "BAD_USER_INPUT", inputPath: ["voiceId"] },
      message: 'This server trains no voices with "gone"; choose one of: flite, vendor.',
    });
    await expect(trainings.ask([], { provider: "espeak" })).rejects.toThrow(
      "choose one of: flite, vendor",
    );
  });

  test.each(["声", "صوت جدتي", "Ζωή’s voice 🎙️", "é".repeat(60), "🦉".repeat(60), " My voice "])(
    "may have the name %s",
    async (displayName) => {
      await trainings.ask([], { displayName });

      expect((await voices())[0]?.name).toBe(displayName.normalize("NFC").trim());
    },
  );

  test.each([
    ["", "displayName is empty."],
    ["\u200B \u2060", "displayName is empty."],
    ["\u3164\u2800", "displayName is empty."],
    ["Ada\u061C", "displayName contains a control character; remove it."],
    ["a\nb", "contains a control character"],
    ["Ada\u202Egnp", "contains a control character"],
    ["é".repeat(61), "is longer than 60 characters"],
  ])("may not have the name %j", async (displayName, message) => {
    await expect(trainings.ask([], { displayName })).rejects.toMatchObject({
      ...{ code: "BAD_USER_INPUT", inputPath: ["displayName"] },
      message: expect.stringContaining(message),
    });
    expect(await voices()).toEqual([]);
  });
});

describe("training again", () => {
  test("makes the next revision, and the ready voice stays", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask();
    await trainings.run();
    const [ready] = await trainings.rows();

    await trainings.ask();

    expect(await trainings.rows()).toMatchObject([
      { id: ready?.id, status: "ready", revision: 1 },
      { status: "training", revision: 2 },
    ]);
  });

  test("replaces a failed training", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask();
    await app.superuser("UPDATE instances.user_emotion_voices SET training_status = 'failed'");
    await app.superuser("DELETE FROM platform.voices_in_training");

    await trainings.ask();

    expect(await trainings.rows()).toMatchObject([{ status: "training", revision: 2 }]);
    expect(trainings.queued).toHaveLength(2);
  });
});
