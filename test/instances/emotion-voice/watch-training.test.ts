import { once } from "node:events";
import { AfterRevoking } from "../../../src/instances/index.js";
import type { TrainingStep } from "../../../src/instances/emotion-voice/training/training-step.js";
import { watchTraining } from "../../../src/instances/emotion-voice/training/watch-training.js";
import { UnavailableError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import { Trainings, ada } from "./trainings.js";

let app: TestApp;
let trainings: Trainings;
let step: TrainingStep;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  trainings = await Trainings.begin(app);
  await trainings.record("neutral", 30);
  await trainings.ask([], { provider: "vendor" });
  step = await begun();
});
afterEach(() => app.clean());
afterAll(() => app.close());

/** Begins the training as a worker does. */
const begun = async (): Promise<TrainingStep> => {
  const next = await trainings.transactions().begin(await trainings.order());
  if (!next) throw new Error("There is nothing to train.");
  return next;
};
/** Drops the clone of the label, so that the next worker begins with a new label. */
const beginAgain = async () => {
  await trainings.transactions().drop(step, null);
  await begun();
};
const use = () => ({ database: app.jobDatabase, notifier: app.services.notifier });
const watch = (unwanted: AbortController, about: Partial<ReturnType<typeof use>> = {}) =>
  watchTraining({ ...use(), ...about }, step, unwanted);
type TestNotifier = ReturnType<typeof use>["notifier"];

const ENDS: [name: string, end: () => Promise<unknown>][] = [
  ["its consent was revoked", () => app.services.consents.revoke(ada, AfterRevoking.Keep)],
  ["it was deleted", () => trainings.service().remove(ada, step.emotionVoice.id)],
  ["another worker gave it a new label", () => beginAgain()],
];

test.each(ENDS)("a voice is unwanted at once if %s before the watch", async (_name, end) => {
  await end();
  const unwanted = new AbortController();

  const unwatch = await watch(unwanted);

  expect(unwanted.signal.aborted).toBe(true);
  await unwatch();
});

test.each(ENDS)("a voice becomes unwanted as soon as %s", async (_name, end) => {
  const unwanted = new AbortController();
  const unwatch = await watch(unwanted);
  const before = unwanted.signal.aborted;

  await Promise.all([once(unwanted.signal, "abort"), end()]);

  expect(before).toBe(false);
  await unwatch();
});

test("a voice that is still wanted stays wanted after news", async () => {
  const looked = gate();
  let reads = 0;
  const database = Object.create(app.jobDatabase, {
    read: {
      value: async (...about: Parameters<typeof app.jobDatabase.read>): Promise<unknown> => {
        const found = await app.jobDatabase.read(...about);
        reads += 1;
        if (reads === 2) looked.open();
        return found;
      },
    },
  }) as typeof app.jobDatabase;
  const unwanted = new AbortController();
  const unwatch = await watch(unwanted, { database });

  await begun();
  await looked.opened;
  await unwatch();

  expect(unwanted.signal.aborted).toBe(false);
});

test("a watch that cannot look at the voice does not go on listening", async () => {
  const { notifier } = app.services;
  let listening = 0;
  const counting = Object.create(notifier, {
    listen: {
      value: (...about: Parameters<TestNotifier["listen"]>) => {
        const news = notifier.listen(...about);
        listening += 1;
        return Object.create(news, {
          return: {
            value: () => {
              listening -= 1;
              return news.return?.();
            },
          },
        }) as typeof news;
      },
    },
  }) as TestNotifier;
  const database = Object.create(app.jobDatabase, {
    read: { value: () => Promise.reject(new UnavailableError("The database does not answer.")) },
  }) as typeof app.jobDatabase;

  const watching = watch(new AbortController(), { database, notifier: counting });

  await expect(watching).rejects.toThrow("The database does not answer.");
  expect(listening).toBe(0);
});
