import { InvalidInputError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
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

const trainNeutral = async () => {
  await trainings.record("neutral", 30);
  await trainings.ask();
  await trainings.run();
  const [neutral] = await trainings.rows();
  return neutral;
};
const change = (id: string, columns: string) =>
  app.superuser(`UPDATE instances.user_voice_samples SET ${columns} WHERE id = $1`, [id]);
const blobOf = async (id: string): Promise<string> => {
  const [row] = await app.superuser<{ key: string }>(
    "SELECT blob_key AS key FROM instances.user_voice_samples WHERE id = $1",
    [id],
  );
  return row?.key ?? "";
};
const lockedIds = async () => {
  const rows = await app.superuser<{ id: string }>(
    "SELECT id FROM instances.user_voice_samples WHERE is_locked ORDER BY id",
  );
  return rows.map(({ id }) => id);
};

describe("an emotion is trained from the neutral voice", () => {
  test("that is the latest, while a render still speaks with an earlier one", async () => {
    const first = await trainNeutral();
    const narration = await app.given.narration({ owner: "ada" });
    await app.services.rendering.request(ada, narration);
    await trainings.record("neutral", 30, "of another day");
    await trainings.record("joy", 8);
    await trainings.ask();

    await trainings.run();

    const [earlier, latest] = await trainings.rows();
    expect(earlier?.model).toBe(first?.model);
    expect(latest).toMatchObject({ key: "neutral", status: "ready" });
    expect(latest?.model).not.toBe(first?.model);
    expect(trainings.orders.at(-1)).toMatchObject({
      emotion: "joy",
      neutral: { model: latest?.model },
    });
  });

  test("that is ready, after the training of a later one failed", async () => {
    const ready = await trainNeutral();
    await trainings.record("joy", 8);
    await trainings.ask();
    trainings.answer = (order) =>
      order.emotion === "neutral"
        ? Promise.reject(new InvalidInputError("Record again: only noise."))
        : trainings.adapt(order);

    await trainings.run();

    expect(await trainings.states()).toEqual(["neutral ready", "neutral failed", "joy ready"]);
    expect(trainings.orders.at(-1)).toMatchObject({
      emotion: "joy",
      neutral: { model: ready?.model },
    });
  });

  test("and from no suspended one", async () => {
    await trainNeutral();
    await trainings.record("joy", 8);
    await trainings.ask(["joy"]);
    await app.superuser(
      `UPDATE instances.user_emotion_voices SET state = 'suspended', consent_live = NULL
       WHERE training_status = 'ready'`,
    );

    await trainings.run();

    expect(trainings.orders.at(-1)?.emotion).toBe("neutral");
    expect((await trainings.rows()).at(-1)).toMatchObject({
      ...{ key: "joy", status: "failed" },
      failure: expect.stringContaining("The neutral voice is not trained"),
    });
  });
});

describe("a training does not use a recording", () => {
  test.each([
    ["that is suspended", "state = 'suspended', consent_live = NULL"],
    [
      "of the legacy platform that its owner has not adopted",
      "state = 'awaiting_consent', consent_id = NULL, consent_live = NULL, legacy_audio = 'audio://1'",
    ],
    ["that is being processed", "processing_status = 'processing', original_blob_key = 'raw'"],
    ["that was rejected", "processing_status = 'rejected', blob_key = NULL"],
    ["without its sound", "blob_key = NULL"],
    ["whose level was not measured", "quality = quality #- '{measures,levelDb}'"],
  ])("%s", async (_name, columns) => {
    const used = await trainings.record("neutral", 30);
    await change(await trainings.record("neutral", 30, "not used"), columns);
    await trainings.ask();

    await trainings.run();

    expect(trainings.orders.map(({ samples }) => samples)).toMatchObject([
      [{ blobKey: await blobOf(used) }],
    ]);
    expect(await lockedIds()).toEqual([used]);
  });

  test("that became suspended after the training was asked", async () => {
    const used = await trainings.record("neutral", 30);
    const suspended = await trainings.record("neutral", 30, "not used");
    await trainings.ask();
    await change(suspended, "state = 'suspended', consent_live = NULL");

    await trainings.run();

    expect(trainings.orders.map(({ samples }) => samples)).toMatchObject([
      [{ blobKey: await blobOf(used) }],
    ]);
  });
});

test("of too many recordings, a training uses the preferred one, then the newest", async () => {
  const ids: string[] = [];
  for (let take = 1; take <= 5; take++) ids.push(await trainings.record("neutral", 60, `${take}`));
  const [preferred = "", , , fourth = "", fifth = ""] = ids;
  await change(preferred, "is_preferred = true");
  await trainings.ask();

  await trainings.run();

  const [order] = trainings.orders;
  const expected = [await blobOf(preferred), await blobOf(fifth), await blobOf(fourth)];
  expect(order?.samples.map(({ blobKey }) => blobKey)).toEqual(expected);
  expect(await lockedIds()).toEqual([preferred, fourth, fifth]);
});

test("a training that is repeated uses three minutes of all that earlier trainings used", async () => {
  for (let take = 1; take <= 3; take++) await trainings.record("neutral", 60, `${take}`);
  await trainings.ask();
  await trainings.run();
  const newest = await trainings.record("neutral", 60, "of another day");
  await trainings.ask();

  await trainings.run();

  const samples = trainings.orders.at(-1)?.samples ?? [];
  expect(await lockedIds()).toHaveLength(4);
  expect(samples).toHaveLength(3);
  expect(samples[0]?.blobKey).toBe(await blobOf(newest));
});

test("a provider that needs the words gets no recording without words, whoever locked it", async () => {
  await trainings.recordWithoutWords("neutral", 30);
  const spoken = await trainings.record("neutral", 30);
  await trainings.ask();
  const order = await trainings.order();
  await trainings.ask([], { provider: "vendor" });

  await trainings.job().run(order);

  expect(await lockedIds()).toHaveLength(2);
  expect(trainings.orders.map(({ samples }) => samples)).toMatchObject([
    [{ blobKey: await blobOf(spoken) }],
  ]);
});

test("an emotion whose recordings are gone is not trained, and the failure says so", async () => {
  const gone = await trainings.record("neutral", 30);
  await trainings.ask();
  await change(gone, "state = 'suspended', consent_live = NULL");

  await trainings.run();

  expect(trainings.orders).toEqual([]);
  expect(await trainings.rows()).toMatchObject([
    {
      status: "failed",
      failure: "The recordings for Neutral are gone; record again, then train again.",
    },
  ]);
});

test("the delivery of an emotion is measured from one second of speech, and none of a sound", async () => {
  await trainings.record("neutral", 30);
  await trainings.record("fear", 1);
  await trainings.record("anger", 0.99);
  const sound = await trainings.template("thunder", "modulation");
  await change(await trainings.record("joy", 5), `template_id = ${sound}`);
  await trainings.ask(["neutral"]);

  await trainings.run();

  expect(Object.keys(trainings.orders[0]?.others ?? {})).toEqual(["fear"]);
});

describe("after a failed training, a recording stays locked", () => {
  const failing = async () => {
    trainings.answer = () => Promise.reject(new InvalidInputError("Record again: only noise."));
    await trainings.run();
  };

  test("that the ready voice of the same emotion was trained from, and no other", async () => {
    const used = await trainings.record("neutral", 30);
    await trainings.ask();
    await trainings.run();
    await trainings.record("neutral", 30, "that failed");
    await trainings.ask();

    await failing();

    expect(await trainings.states()).toEqual(["neutral ready", "neutral failed"]);
    expect(await lockedIds()).toEqual([used]);
  });

  test("that the voice of another emotion was trained from, and no other", async () => {
    const used = await trainings.record("neutral", 30);
    await trainings.record("joy", 8);
    await trainings.ask(["neutral"]);
    await trainings.run();
    await trainings.ask(["joy"]);

    await failing();

    expect(await trainings.states()).toEqual(["neutral ready", "joy failed"]);
    expect(await lockedIds()).toEqual([used]);
  });

  test("that another voice of the person is trained from now", async () => {
    const used = await trainings.record("neutral", 30);
    await trainings.ask();
    const order = await trainings.order();
    await trainings.ask([], { provider: "vendor" });
    trainings.answer = () => Promise.reject(new InvalidInputError("Record again: only noise."));

    await trainings.job().run(order);

    expect((await trainings.states()).sort()).toEqual(["neutral failed", "neutral training"]);
    expect(await lockedIds()).toEqual([used]);
  });

  test("that a ready voice may have been trained from at an unknown time", async () => {
    const used = await trainings.record("neutral", 30);
    await trainings.ask();
    await trainings.run();
    await app.superuser("UPDATE instances.user_emotion_voices SET trained_at = NULL");
    await trainings.ask();

    await failing();

    expect(await lockedIds()).toEqual([used]);
  });
});
