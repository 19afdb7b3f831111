import { AfterRevoking, SoundSweep } from "../../../src/instances/index.js";
import { InvalidInputError } from "../../../src/platform/errors.js";
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

describe("an earlier revision", () => {
  const sweep = () =>
    new SoundSweep({
      ...{ database: app.jobDatabase, storage: app.storage, clock: app.services.clock },
      enqueue: () => Promise.resolve(),
      enqueueAfterDeletion: () => Promise.resolve(),
      enqueueCleanup: async (_tx, label) => void trainings.cleanups.push(label),
    }).run("ada");
  const trainTwice = async (between: () => Promise<unknown>) => {
    trainings.answer = (order) => trainings.clone(order);
    await trainings.record("neutral", 30);
    await trainings.ask([], { provider: "vendor" });
    await trainings.run();
    const [first] = await trainings.rows();
    await between();
    await trainings.ask([], { provider: "vendor" });
    await trainings.run();
    return first;
  };

  test("is deleted with its clone when the next one is ready", async () => {
    const first = await trainTwice(() => Promise.resolve());

    expect(await trainings.rows()).toMatchObject([{ revision: 2, status: "ready" }]);
    expect(trainings.cleanups).toEqual([first?.label]);
  });

  test("stays while a render is under way, and is swept afterwards", async () => {
    const first = await trainTwice(async () => {
      const narration = await app.given.narration({ owner: "ada" });
      await app.services.rendering.request(ada, narration);
    });

    const during = await trainings.rows();
    await sweep();
    const stillDuring = await trainings.rows();
    await app.superuser("UPDATE instances.user_narration_renders SET finished_at = now()");
    await sweep();

    expect([during.length, stillDuring.length]).toEqual([2, 2]);
    expect(await trainings.rows()).toMatchObject([{ revision: 2 }]);
    expect(trainings.cleanups).toEqual([first?.label]);
  });

  test("speaks no more after its owner is erased: all clones are deleted", async () => {
    await trainTwice(() => Promise.resolve());
    const [row] = await trainings.rows();
    await app.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'ada'");

    await sweep();

    expect(trainings.cleanups).toContain(row?.label);
  });
});

describe("a new training", () => {
  const retrained = async () => {
    await trainings.record("neutral", 30);
    await trainings.record("joy", 8);
    await trainings.ask();
    await trainings.run();
    await trainings.ask(["joy"]);
    await trainings.ask(["neutral"]);
    trainings.orders.length = 0;
  };

  test("begins with neutral, also if neutral was asked last", async () => {
    await retrained();

    await trainings.run();

    expect(trainings.orders.map(({ emotion }) => emotion)).toEqual(["neutral", "joy"]);
  });

  test("leaves the earlier revision of an emotion until the next one is ready", async () => {
    await retrained();
    trainings.answer = (order) =>
      order.emotion === "joy"
        ? Promise.reject(new InvalidInputError("Record again: only noise."))
        : trainings.adapt(order);

    await trainings.run();

    expect(await trainings.states()).toEqual(["neutral ready", "joy ready", "joy failed"]);
  });

  test("of one voice leaves the person's other voice alone", async () => {
    await trainings.record("neutral", 30);
    trainings.answer = (order) =>
      order.displayName === "Cloned" ? trainings.clone(order) : trainings.adapt(order);
    const train = async (about: object) => {
      await trainings.ask(["neutral"], about);
      const order = trainings.queued.at(-1);
      if (order) await trainings.job().run(order);
    };
    await train({ provider: "vendor", displayName: "Cloned" });

    for (let revision = 1; revision <= 2; revision++) await train({ provider: "flite" });

    expect(await trainings.states()).toEqual(["neutral ready", "neutral ready"]);
    expect(trainings.cleanups).toEqual([]);
  });
});

describe("a clone at a vendor", () => {
  beforeEach(async () => {
    trainings.answer = (order) => trainings.clone(order);
    await trainings.record("neutral", 30);
  });
  const ask = () => trainings.ask([], { provider: "vendor" });

  test("is listed before the vendor is asked, and gets the vendor's id", async () => {
    await ask();
    let listed: object[] = [];
    trainings.answer = async (order) => {
      listed = await trainings.clonesListed();
      return trainings.clone(order);
    };

    await trainings.run();

    const [row] = await trainings.rows();
    expect(listed).toEqual([{ label: row?.label, model: null, isWanted: true }]);
    expect(await trainings.clonesListed()).toEqual([
      { label: row?.label, model: "clone-1", isWanted: true },
    ]);
    expect(row).toMatchObject({ status: "ready", model: "clone-1" });
  });

  test("is not made twice by two workers, and not deleted by the slower one", async () => {
    await ask();
    const both = gate();
    let arrived = 0;
    trainings.answer = async (order) => {
      arrived += 1;
      if (arrived === 2) both.open();
      await both.opened;
      return trainings.clone(order);
    };

    await Promise.all([trainings.run(), trainings.run()]);

    expect(trainings.clones.size).toBe(1);
    expect(trainings.cleanups).toEqual([]);
    expect(await trainings.clonesListed()).toMatchObject([{ model: "clone-1", isWanted: true }]);
  });

  test("that is made after a revocation is deleted, and a new consent makes another", async () => {
    await ask();
    trainings.answer = async (order) => {
      await revoke(AfterRevoking.Keep);
      return trainings.clone(order);
    };
    await trainings.run();
    const dropped = await trainings.clonesListed();
    await trainings.agree();
    trainings.answer = (order) => trainings.clone(order);
    await trainings.run();

    expect(dropped).toMatchObject([{ isWanted: false }]);
    expect(trainings.cleanups).toEqual([trainings.orders[0]?.label]);
    expect(trainings.orders[1]?.label).not.toBe(trainings.orders[0]?.label);
    const [row] = await trainings.rows();
    expect(row).toMatchObject({ status: "ready", label: trainings.orders[1]?.label });
  });

  test("that one worker gave up is not used by another worker after a new consent", async () => {
    await ask();
    const [both, agreedAgain] = [gate(), gate()];
    let arrived = 0;
    trainings.answer = async (order) => {
      arrived += 1;
      const isFirst = arrived === 1;
      if (arrived === 2) both.open();
      await both.opened;
      await (isFirst ? revoke(AfterRevoking.Keep) : agreedAgain.opened);
      return trainings.clone(order);
    };

    const runs = [trainings.run(), trainings.run()];
    await Promise.race(runs);
    await trainings.agree();
    agreedAgain.open();
    await Promise.all(runs);

    const [row] = await trainings.rows();
    const [first, , third] = trainings.orders;
    expect(row).toMatchObject({ status: "ready", label: third?.label });
    expect(third?.label).not.toBe(first?.label);
    expect(await trainings.clonesListed()).toMatchObject([
      { label: first?.label, isWanted: false },
      { label: third?.label, isWanted: true },
    ]);
  });

  test("is deleted if the job of the deletion was faster than the vendor", async () => {
    await ask();
    trainings.answer = async (order) => {
      await revoke(AfterRevoking.Delete);
      await app.superuser("DELETE FROM platform.vendor_voices");
      return trainings.clone(order);
    };

    await trainings.run();

    expect(await trainings.clonesListed()).toMatchObject([{ isWanted: false }]);
    expect(trainings.cleanups).toEqual([trainings.orders[0]?.label]);
  });

  test("is deleted after a failure, because the vendor may have made it", async () => {
    await ask();
    trainings.answer = () => Promise.reject(new InvalidInputError("The recording has no voice."));

    await trainings.run();

    expect(await trainings.clonesListed()).toMatchObject([{ isWanted: false }]);
    expect(trainings.cleanups).toHaveLength(1);
  });

  test("is deleted with its emotion voice", async () => {
    await ask();
    await trainings.run();
    const [row] = await trainings.rows();

    await trainings.service().remove(ada, row?.id ?? "");

    expect(await trainings.clonesListed()).toMatchObject([{ isWanted: false }]);
    expect(trainings.cleanups).toEqual([row?.label]);
  });

  test("is deleted with the consent, and nothing of the voice stays", async () => {
    await ask();
    await trainings.run();

    await revoke(AfterRevoking.Delete);

    expect(await trainings.clonesListed()).toMatchObject([{ isWanted: false }]);
    expect(await trainings.rows()).toEqual([]);
    expect(await app.superuser("SELECT FROM instances.user_voices")).toEqual([]);
  });

  test("of a provider that is no longer configured cannot be trained", async () => {
    await ask();

    await trainings.run(trainings.job({ cloning: [] }));

    expect(await trainings.rows()).toMatchObject([
      {
        status: "failed",
        failure: expect.stringContaining("cannot train voices of vendor any more"),
      },
    ]);
  });
});
