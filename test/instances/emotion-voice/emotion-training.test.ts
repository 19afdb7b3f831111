import { AfterRevoking, untilTrained } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
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

const revoke = (after: AfterRevoking) => app.services.consents.revoke(ada, after);
const neutralAndJoy = async () => {
  await trainings.record("neutral", 30);
  await trainings.record("joy", 8);
};
const jobs = () =>
  app.superuser<{ data: object }>("SELECT data FROM jobs.job WHERE name = 'train-voice'");

test("the neutral voice is trained first, and a second run trains nothing", async () => {
  await neutralAndJoy();
  await trainings.ask();

  const first = await trainings.run();
  const second = await trainings.run();

  const { voiceId } = await trainings.order();
  expect(first).toMatch(
    /^Trained personal voice \d+: neutral from 1 recording in \d\.\d s, joy from 1 recording in \d\.\d s$/,
  );
  expect(second).toBe(`Personal voice ${voiceId} needs no training now`);
  expect(await trainings.states()).toEqual(["neutral ready", "joy ready"]);
  expect(await trainings.listed()).toEqual([]);
});

test("each order has the recordings of its emotion, the neutral voice, and the other emotions", async () => {
  await neutralAndJoy();
  const preferred = await trainings.record("joy", 4, "preferred");
  await app.superuser("UPDATE instances.user_voice_samples SET is_preferred = true WHERE id = $1", [
    preferred,
  ]);
  await trainings.record("fear", 1.5);
  await trainings.record("anger", 0.5);
  await trainings.record("whisper", 5);
  await trainings.ask(["neutral", "joy"], { displayName: "Ada" });
  await trainings.record("joy", 8, "too late for this training");

  await trainings.run();

  const [neutral, joy] = trainings.orders;
  expect(neutral).toMatchObject({
    ...{ emotion: "neutral", neutral: null, displayName: "Ada", language: "en" },
    ...{ ownerName: trainings.publicId, label: expect.stringMatching(/^fabula-[\da-f]{32}$/) },
  });
  expect(neutral?.samples).toEqual([
    { blobKey: expect.any(String), transcript: "The words.", levelDb: -20 },
  ]);
  expect(Object.keys(neutral?.others ?? {}).sort()).toEqual(["fear", "whisper"]);
  const [row] = await trainings.rows();
  expect(joy).toMatchObject({ emotion: "joy", others: {}, neutral: { model: row?.model } });
  expect(joy?.neutral?.samples).toEqual(neutral?.samples);
  const [{ key: first } = { key: "" }] = await app.superuser<{ key: string }>(
    "SELECT blob_key AS key FROM instances.user_voice_samples WHERE id = $1",
    [preferred],
  );
  expect(joy?.samples.map(({ blobKey }) => blobKey)).toEqual([first, expect.any(String)]);
});

test("a training uses at most three minutes of speech", async () => {
  for (let take = 0; take < 5; take++) await trainings.record("neutral", 60, String(take));
  await trainings.ask();

  await trainings.run();

  expect(trainings.orders[0]?.samples).toHaveLength(3);
});

test("the row has what was measured", async () => {
  await neutralAndJoy();
  await trainings.record("fear", 2);
  await trainings.ask();
  await trainings.run();

  const [neutral, , joy] = await trainings.rows();

  expect(neutral?.settings).toEqual({ otherDeltas: { fear: expect.any(Object) } });
  expect(joy).toMatchObject({ model: null, settings: { deltas: { pitch: 2 } } });
  const [row] = await app.superuser(
    `SELECT quality_score AS quality, metrics, sample_count AS samples, trained_at IS NOT NULL AS "isTrained"
     FROM instances.user_emotion_voices WHERE id = $1`,
    [neutral?.id],
  );
  expect(row).toEqual({ quality: 0.8, metrics: { f0MedianHz: 200 }, samples: 1, isTrained: true });
});

test("two workers that train one voice at the same time write one result", async () => {
  await trainings.record("neutral", 30);
  await trainings.ask();
  const both = gate();
  let arrived = 0;
  trainings.answer = async (order) => {
    arrived += 1;
    if (arrived === 2) both.open();
    await both.opened;
    return trainings.adapt(order);
  };

  const said = await Promise.all([trainings.run(), trainings.run()]);

  expect([...said].sort()).toEqual([
    expect.stringContaining("neutral changed meanwhile"),
    expect.stringContaining("neutral from 1 recording"),
  ]);
  expect(await trainings.rows()).toMatchObject([{ status: "ready", revision: 1 }]);
  // The recording and the model.
  expect(await trainings.blobs()).toHaveLength(2);
});

describe("without a live consent", () => {
  test("no provider is asked, and a new consent queues the training again", async () => {
    await neutralAndJoy();
    await trainings.ask();
    await revoke(AfterRevoking.Keep);

    await trainings.run();
    const asked = trainings.orders.length;
    const before = [await trainings.listed(), await jobs()];
    await trainings.agree();
    await trainings.run();

    expect(asked).toBe(0);
    expect(before).toEqual([[], []]);
    expect(await jobs()).toEqual([{ data: await trainings.order() }]);
    expect(await trainings.states()).toEqual(["neutral ready", "joy ready"]);
  });

  test("nothing is trained after the consent has expired", async () => {
    await neutralAndJoy();
    await trainings.ask();
    await trainings.expire();

    await trainings.run();

    expect(trainings.orders).toEqual([]);
    expect(await trainings.states()).toEqual(["neutral training", "joy training"]);
  });

  test("the next emotion is not trained", async () => {
    await neutralAndJoy();
    await trainings.ask();
    trainings.answer = async (order) => {
      const trained = await trainings.adapt(order);
      await revoke(AfterRevoking.Keep);
      return trained;
    };

    await trainings.run();

    expect(trainings.orders).toHaveLength(1);
    expect(await trainings.states()).toEqual(["neutral training", "joy training"]);
  });

  test("a revocation stops the training under way", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask();
    trainings.answer = async (_order, signal) => {
      const stopped = new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
      await revoke(AfterRevoking.Keep);
      return stopped as Promise<never>;
    };

    expect(await trainings.run()).toMatch(/neutral stopped$/);
    expect(await trainings.rows()).toMatchObject([{ status: "training", state: "suspended" }]);
  });

  test.each([
    ["a revocation", () => revoke(AfterRevoking.Keep)],
    ["a revocation that deletes", () => revoke(AfterRevoking.Delete)],
    ["the expiry", () => trainings.expire()],
  ])("a result that comes after %s is dropped with its model", async (_name, end) => {
    await trainings.record("neutral", 30);
    await trainings.ask();
    let model = "";
    trainings.answer = async (order) => {
      await end();
      const trained = await trainings.adapt(order);
      model = trained.model ?? "";
      return trained;
    };

    await trainings.run();

    expect(model).not.toBe("");
    expect(await trainings.blobs()).not.toContain(model);
    expect((await trainings.states()).filter((state) => state.includes("ready"))).toEqual([]);
  });
});

test("an emotion voice that is deleted during its training leaves no model", async () => {
  await trainings.record("neutral", 30);
  const asked = await trainings.ask();
  trainings.answer = async (order) => {
    await trainings.service().remove(ada, asked.emotionVoices[0]?.id ?? "");
    return trainings.adapt(order);
  };

  expect(await trainings.run()).toMatch(/neutral (stopped|changed meanwhile)$/);
  expect(await trainings.blobs()).toHaveLength(1);
  expect(await trainings.locked()).toEqual([]);
});

test("a job that the queue takes away writes nothing", async () => {
  await trainings.record("neutral", 30);
  await trainings.ask();
  const taken = new AbortController();
  trainings.answer = (_order, signal) => {
    taken.abort(new Error("The process stops."));
    return Promise.reject(signal.reason as Error);
  };

  await expect(trainings.run(trainings.job(), taken.signal)).rejects.toThrow("The process stops.");
  expect(await trainings.states()).toEqual(["neutral training"]);
});

test("a model that is lost before its row is written is trained again", async () => {
  await trainings.record("neutral", 30);
  await trainings.ask();
  trainings.answer = async (order) => {
    const trained = await trainings.adapt(order);
    await app.storage.delete(trained.model ?? "");
    return trained;
  };

  await expect(trainings.run()).rejects.toMatchObject({ code: "UNAVAILABLE", retryable: true });
  trainings.answer = (order) => trainings.adapt(order);
  await trainings.run();

  expect(await trainings.states()).toEqual(["neutral ready"]);
});

test("a result queues a sweep, for a process that dies before it deletes a model", async () => {
  await trainings.record("neutral", 30);
  await trainings.ask();
  const swept: object[] = [];

  await trainings.run(trainings.job({ sweepSoon: async (_tx, owner) => void swept.push(owner) }));

  expect(swept).toEqual([ada]);
});

test("a wait for a training ends with the training, and with the consent", async () => {
  await trainings.record("neutral", 30);
  const [asked] = (await trainings.ask()).emotionVoices;
  const wait = () => untilTrained(app.services, ada, asked?.id ?? "");

  const refused = expect(wait()).rejects.toThrow("agree again to have it trained");
  await revoke(AfterRevoking.Keep);
  await refused;
  await trainings.agree();
  const waiting = wait();
  await trainings.run();

  expect(await waiting).toMatchObject({ trainingStatus: "ready" });
});
