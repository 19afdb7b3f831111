import { once } from "node:events";
import { open } from "node:fs/promises";
import { NO_QUOTAS } from "../../../src/config.js";
import {
  type NarrationEntity,
  NarrationStatus,
  SpeechDirectory,
  VoicePreviews,
  ownerOf,
} from "../../../src/instances/index.js";
import { systemClock } from "../../../src/platform/clock.js";
import { ProviderError, QuotaExceededError } from "../../../src/platform/errors.js";
import { fliteSpeech } from "../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../src/providers/speech/flite/flite.worker.js";
import { type TestApp, testApp } from "../../support/app.js";
import { edited, narrated, textsOf } from "./narrated.js";
import { Studio, type StudioOptions } from "./studio.js";

let app: TestApp;
let studio: Studio | undefined;
beforeAll(async () => {
  app = await testApp();
});
afterEach(async () => {
  await studio?.close();
  await app.clean();
});
afterAll(() => app.close());

const studioWith = async (options: StudioOptions): Promise<Studio> =>
  (studio = await Studio.open(app, options));

const usedCharacters = async (): Promise<number> => {
  const [row] = await app.superuser<{ amount: string }>(
    "SELECT amount FROM platform.user_usage WHERE kind = 'paid_characters'",
  );
  return Number(row?.amount ?? 0);
};

const lettersOf = async (narration: NarrationEntity): Promise<number> =>
  [...new Set(await textsOf(app, narration))].join("").length;

test("fifty renders requested at once do not pass the limit, and an end makes room", async () => {
  const { rendering } = await studioWith({ quotas: { rendersUnderWay: 3 } });
  const { referenceStoryId: id } = await narrated(app);
  const narrations = await Promise.all(
    Array.from({ length: 50 }, () => app.given.narration({ owner: "ada", story: { id } })),
  );

  const results = await Promise.allSettled(
    narrations.map((narration) => rendering.request(ownerOf("ada"), narration)),
  );

  const accepted = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const refused = results.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  const waiting = narrations.find((one) => !accepted.some((other) => other.id === one.id));
  expect(accepted).toHaveLength(3);
  expect(refused[0]).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message:
      "You may render 3 narrations at a time, and 3 are queued or rendering. Wait until one of them ends, or cancel one.",
  });
  await rendering.cancel(ownerOf("ada"), accepted[0]?.id ?? "");
  const late = waiting && (await rendering.request(ownerOf("ada"), waiting));
  expect(late?.status).toBe(NarrationStatus.Queued);
});

test("the renders of one user take nothing from another", async () => {
  const { rendering } = await studioWith({ quotas: { rendersUnderWay: 1 } });
  await rendering.request(ownerOf("ada"), await narrated(app, "ada"));
  const narration = await narrated(app, "ben");

  const queued = await rendering.request(ownerOf("ben"), narration);

  expect(queued.status).toBe(NarrationStatus.Queued);
});

test("a render counts the characters that a paid provider will speak, once", async () => {
  const paid = await studioWith({ isPaid: true, quotas: { paidCharactersPerDay: 10_000 } });
  const narration = await narrated(app);
  const letters = await lettersOf(narration);

  await paid.render(narration);
  const afterFirst = await usedCharacters();
  await edited(app, narration, { index: 0, text: "The bell was silent." });
  await paid.render(narration);

  expect(paid.said.join("").length).toBe(letters + "The bell was silent.".length);
  expect([afterFirst, await usedCharacters()]).toEqual([letters, paid.said.join("").length]);
});

test("a render that needs more paid characters than are left is refused, and nothing is spoken", async () => {
  const paid = await studioWith({ isPaid: true, quotas: { paidCharactersPerDay: 20 } });
  const narration = await narrated(app);

  const requested = paid.rendering.request(ownerOf("ada"), narration);

  await expect(requested).rejects.toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: expect.stringMatching(
      /^You may use 20 characters of paid speech a day\. You used 0 today, and this needs \d+\. The next day begins at /,
    ),
  });
  expect((await app.given.reread(narration)).status).toBe(NarrationStatus.Draft);
});

test("a cancelled render gives back the characters that it did not speak", async () => {
  const paid = await studioWith({ isPaid: true, quotas: { paidCharactersPerDay: 10_000 } });
  const narration = await narrated(app);
  const order = await paid.request(narration);
  paid.beforeSpeaking = async () => {
    if (paid.said.length === 2) await paid.rendering.cancel(ownerOf("ada"), narration.id);
  };

  await paid.renders.run(order);

  // The cancel arrives while the third segment is spoken, so the third segment may have no rendition.
  const kept = await app.superuser("SELECT recipe_key FROM reference.renditions");
  expect(kept.length).toBeGreaterThanOrEqual(2);
  expect(await usedCharacters()).toBe(paid.said.slice(0, kept.length).join("").length);
});

test("a narration deleted during its render gives back the characters that were not spoken", async () => {
  const paid = await studioWith({ isPaid: true, quotas: { paidCharactersPerDay: 10_000 } });
  const narration = await narrated(app);
  const order = await paid.request(narration);
  paid.beforeSpeaking = async (_request, signal) => {
    if (paid.said.length < 2) return;
    if (paid.said.length === 2 && !signal.aborted) {
      await app.services.narrations.delete(ownerOf("ada"), narration);
    }
    if (!signal.aborted) await once(signal, "abort");
    signal.throwIfAborted();
  };

  await paid.renders.run(order);

  expect(paid.said).toHaveLength(2);
  expect(await usedCharacters()).toBe(paid.said.join("").length);
  expect(await app.superuser("SELECT 1 FROM platform.renders_under_way")).toHaveLength(0);
});

test("a failed render gives back the characters that it did not speak", async () => {
  const paid = await studioWith({ isPaid: true, quotas: { paidCharactersPerDay: 10_000 } });
  const narration = await narrated(app);
  paid.beforeSpeaking = ({ text }) => {
    if (text.includes("Otto")) throw new ProviderError("It cannot be said.", false);
  };

  const { status } = await paid.render(narration);

  expect(status).toBe(NarrationStatus.Failed);
  expect(paid.said.length).toBe(narration.segmentCount - 1);
  expect(await usedCharacters()).toBe(paid.said.join("").length);
});

test("the next attempt of a render keeps the characters that are not spoken yet", async () => {
  const paid = await studioWith({ isPaid: true, quotas: { paidCharactersPerDay: 10_000 } });
  const narration = await narrated(app);
  const order = await paid.request(narration);
  paid.beforeSpeaking = () => {
    if (paid.said.length === 2) throw new ProviderError("The line is busy.", true);
  };
  await expect(paid.renders.run(order)).rejects.toThrow("The line is busy.");

  await paid.renders.giveUp(order, { message: null, errorId: "e-1" });
  const reserved = await usedCharacters();
  await paid.rendering.cancel(ownerOf("ada"), narration.id);

  expect(paid.orders.at(-1)).toEqual({ ...order, attempt: 2 });
  expect(reserved).toBe(await lettersOf(narration));
  expect(paid.said).toHaveLength(2);
  expect(await usedCharacters()).toBe(paid.said.join("").length);
});

test("a segment that a provider spoke before a cancel counts, also if it is stored afterwards", async () => {
  let beforeStoring = (): Promise<unknown> => Promise.resolve();
  const paid = await studioWith({
    isPaid: true,
    quotas: { paidCharactersPerDay: 10_000 },
    openFile: async (...file) => {
      await beforeStoring();
      return open(...file);
    },
  });
  const narration = await narrated(app);
  const order = await paid.request(narration);
  beforeStoring = async () => {
    if (paid.said.length === 2) await paid.rendering.cancel(ownerOf("ada"), narration.id);
  };
  paid.beforeSpeaking = async (_request, signal) => {
    if (paid.said.length < 2) return;
    if (!signal.aborted) await once(signal, "abort");
    signal.throwIfAborted();
  };

  await paid.renders.run(order);

  expect(paid.said).toHaveLength(2);
  expect(await usedCharacters()).toBe(paid.said.join("").length);
});

test("the embedded voices cost no characters", async () => {
  const free = await studioWith({ quotas: { paidCharactersPerDay: 1 } });

  const { status } = await free.render(await narrated(app));

  expect(status).toBe(NarrationStatus.Ready);
  expect(await usedCharacters()).toBe(0);
});

test("an exempt render has no quota", async () => {
  const quotas = { rendersUnderWay: 1, paidCharactersPerDay: 1 };
  const { rendering } = await studioWith({ isPaid: true, quotas });
  for (const owner of ["ada", "ada"]) {
    const narration = await narrated(app, owner);
    await rendering.request(ownerOf(owner), narration, undefined, { isUnlimited: true });
  }

  expect(await usedCharacters()).toBe(0);
});

test("fifty paid previews at once do not pass the limit, and a failed one costs nothing", async () => {
  await app.given.user("ada");
  const flite = fliteSpeech((input) => speak(input));
  let fails = true;
  const provider = {
    ...flite,
    capabilities: () => ({ ...flite.capabilities(), isPaid: true }),
    synthesize: (...request: Parameters<typeof flite.synthesize>) =>
      fails ? Promise.reject(new Error("The line is dead.")) : flite.synthesize(...request),
  };
  const previews = new VoicePreviews({
    database: app.database,
    notifier: app.services.notifier,
    storage: app.storage,
    clock: systemClock,
    quotas: { ...NO_QUOTAS, paidCharactersPerDay: 20 },
    speech: new SpeechDirectory([provider]),
    sweepLater: () => Promise.resolve(),
  });
  const preview = () =>
    previews.preview(
      ownerOf("ada"),
      { voice: "flite:slt", text: "Go on." },
      new AbortController().signal,
    );
  await expect(preview()).rejects.toThrow("The line is dead.");
  fails = false;

  const results = await Promise.allSettled(Array.from({ length: 50 }, preview));

  const reasons = results.map((one) =>
    one.status === "rejected" ? (one.reason as unknown) : null,
  );
  expect(reasons.filter((reason) => reason === null)).toHaveLength(3);
  expect(reasons.filter((reason) => reason instanceof QuotaExceededError)).toHaveLength(47);
});
