import { InvalidInputError, ProviderError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { Trainings, ada } from "./trainings.js";

const FAILURE = { message: null, errorId: "1f0a4a52-6d5e-4a0e-9e07-1a3c5b2d7f00" };

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

const neutralAndJoy = async () => {
  await trainings.record("neutral", 30);
  await trainings.record("joy", 8);
};

describe("a provider that fails", () => {
  test("is asked again by the queue, and at last fails all that waited, with its reason", async () => {
    await neutralAndJoy();
    await trainings.ask();
    const message = "The vendor does not answer; try again later.";
    trainings.answer = () => Promise.reject(new ProviderError(message, true));

    await expect(trainings.run()).rejects.toThrow(message);
    const between = await trainings.states();
    const said = await trainings.job().giveUp(await trainings.order(), { ...FAILURE, message });

    expect(between).toEqual(["neutral training", "joy training"]);
    expect(said).toContain("Gave up on 2 emotion voices");
    expect(await trainings.rows()).toMatchObject([
      { status: "failed", failure: message },
      { status: "failed", failure: message },
    ]);
    expect([await trainings.listed(), await trainings.locked()]).toEqual([[], []]);
  });

  test.each([
    ["refuses the recordings", new InvalidInputError("Record again: nobody speaks.")],
    ["fails for good", new ProviderError("The key is wrong; ask the operator.", false)],
  ])("and %s fails at once, and the next emotion is trained", async (_name, error) => {
    await neutralAndJoy();
    await trainings.record("fear", 8);
    await trainings.ask();
    trainings.answer = (order) =>
      order.emotion === "fear" ? Promise.reject(error) : trainings.adapt(order);

    await trainings.run();

    expect(await trainings.rows()).toMatchObject([
      { key: "neutral", status: "ready" },
      { key: "fear", status: "failed", failure: error.message },
      { key: "joy", status: "ready" },
    ]);
    expect(await trainings.locked()).toEqual(["joy", "neutral"]);
  });

  test("at the neutral voice fails the others with the reason", async () => {
    await neutralAndJoy();
    await trainings.ask();
    trainings.answer = () => Promise.reject(new InvalidInputError("Record again: only noise."));

    await trainings.run();

    expect(trainings.orders).toHaveLength(1);
    expect((await trainings.rows()).map(({ failure }) => failure)).toEqual([
      "Record again: only noise.",
      "The neutral voice is not trained; train the neutral voice, then train this voice again.",
    ]);
  });

  test("for longer than five minutes is stopped", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask();
    const minutes = new AbortController();
    const timers = import.meta.jest.spyOn(AbortSignal, "timeout").mockReturnValue(minutes.signal);
    trainings.answer = (_order, signal) => {
      minutes.abort(new DOMException("Five minutes are over.", "TimeoutError"));
      return Promise.reject(signal.reason as Error);
    };

    await trainings.run();
    const asked = timers.mock.calls;
    timers.mockRestore();

    expect(asked).toContainEqual([300_000]);
    expect((await trainings.rows())[0]?.failure).toContain("took longer than five minutes");
  });
});

test("a recording that only the failed training used can be deleted, and does not fail the next emotion", async () => {
  await neutralAndJoy();
  await trainings.ask();
  await trainings.run();
  const bad = await trainings.record("neutral", 10, "of other words");
  await trainings.ask();
  trainings.answer = (order) =>
    order.emotion === "neutral"
      ? Promise.reject(new InvalidInputError("Delete the voice sample and record again."))
      : trainings.adapt(order);

  await trainings.run();

  const { samples } = trainings.orders.at(-1)?.neutral ?? {};
  expect(await trainings.states()).toEqual(["neutral ready", "neutral failed", "joy ready"]);
  expect(samples).toHaveLength(1);
  expect(await trainings.locked()).toEqual(["joy", "neutral"]);
  await app.services.voiceSamples.remove(ada, bad);
});

describe("a worker that is slower", () => {
  /** Begins a training as the slower worker. */
  const begun = async () => {
    const step = await trainings.transactions().begin(await trainings.order());
    if (!step) throw new Error("There is nothing to train.");
    return step;
  };

  test("and fails does not undo the voice of the faster one", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask();
    const { owner, emotionVoice } = await begun();
    await trainings.run();

    const isFailed = await trainings.transactions().fail(owner, emotionVoice, "Only noise.");

    expect(isFailed).toBe(false);
    expect([await trainings.states(), await trainings.locked()]).toEqual([
      ["neutral ready"],
      ["neutral"],
    ]);
  });

  test("and fails does not end the training that began again", async () => {
    await trainings.record("neutral", 30);
    await trainings.ask([], { provider: "vendor" });
    const slower = await begun();
    await trainings.transactions().drop(slower, null);
    await begun();

    const isFailed = await trainings
      .transactions()
      .fail(slower.owner, slower.emotionVoice, "Only noise.");

    expect([isFailed, await trainings.states()]).toEqual([false, ["neutral training"]]);
  });

  test("and made another clone has this clone deleted", async () => {
    trainings.answer = (order) => trainings.clone(order);
    await trainings.record("neutral", 30);
    await trainings.ask([], { provider: "vendor" });
    const slower = await begun();
    await trainings.transactions().drop(slower, null);
    await trainings.run();
    await app.superuser("DELETE FROM platform.vendor_voices WHERE NOT is_wanted");
    trainings.cleanups.length = 0;

    const late = { deltas: null, otherDeltas: {}, qualityScore: null, metrics: {} };
    await trainings.transactions().finish(slower, { ...late, model: "late" }, 1);

    const { label } = slower.emotionVoice;
    expect(trainings.cleanups).toEqual([label]);
    expect(await trainings.clonesListed()).toContainEqual({
      label,
      model: "late",
      isWanted: false,
    });
    expect(await trainings.rows()).toMatchObject([{ status: "ready", model: "clone-1" }]);
  });
});

test("the failure of one voice leaves the trainings of another voice alone", async () => {
  await trainings.record("neutral", 30);
  await trainings.ask();
  const order = await trainings.order();
  await trainings.ask([], { provider: "vendor" });

  await trainings.job().giveUp(order, { ...FAILURE, message: "The thread ended." });

  const states = (await trainings.states()).sort();
  expect(states).toEqual(["neutral failed", "neutral training"]);
});

test("a bug fails only the emotion that the job was training, and a new job trains the others", async () => {
  await neutralAndJoy();
  await trainings.ask(["neutral"]);
  await trainings.run();
  await trainings.record("fear", 8);
  await trainings.ask(["joy", "fear"]);
  trainings.queued.length = 0;
  trainings.answer = () => Promise.reject(new TypeError("A bug."));

  await expect(trainings.run()).rejects.toThrow("A bug.");
  await trainings.job().giveUp(await trainings.order(), FAILURE);
  trainings.answer = (order) => trainings.adapt(order);
  await trainings.run();

  expect(trainings.queued).toEqual([await trainings.order()]);
  const ended = (await trainings.rows()).map(({ status, failure }) => [status, failure]);
  expect(ended).toContainEqual([
    "failed",
    "The training failed because of a fault of this server; train again later.",
  ]);
  expect(ended.filter(([status]) => status === "ready")).toHaveLength(2);
});
