import { once } from "node:events";
import {
  AfterRevoking,
  CONSENT_STATEMENT,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { CONSENT_END_CHANNEL } from "../../../src/instances/consent/consent-end.js";
import { VoiceGate } from "../../../src/instances/consent/voice-gate.js";
import { ownerTopic } from "../../../src/instances/owner.js";
import { ConflictError, ProviderError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate, untilBlocked } from "../../support/blocked.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";

const ada = ownerOf("ada");
const MODEL = "owned/ada/model";
const VOICE = { owner: ada, model: MODEL };
const AGREED = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };

let app: TestApp;
let voiceGate: VoiceGate;
beforeAll(async () => {
  app = await testApp();
  voiceGate = gateWith();
});
beforeEach(async () => {
  await app.given.user("ada");
  const { id } = await grant();
  await givenPersonalVoice(app, "ada", {
    consentId: id,
    trained: { neutral: { model: MODEL } },
  });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const gateWith = (changes: Partial<Pick<TestApp["services"], "database" | "notifier">> = {}) => {
  const { database, clock, notifier } = app.services;
  return new VoiceGate({ database, clock, notifier, storage: app.storage, ...changes });
};
const grant = () => app.services.consents.grant(ada, AGREED);
const revoke = () => app.services.consents.revoke(ada, AfterRevoking.Keep);

/** Returns a database that calls `then` after each read, with the number of reads until now. */
function reading(then: (reads: number) => Promise<void> | void): TestApp["services"]["database"] {
  const { database } = app.services;
  let reads = 0;
  const read = async (...about: Parameters<typeof database.read>): Promise<unknown> => {
    const found = await database.read(...about);
    reads += 1;
    await then(reads);
    return found;
  };
  return Object.create(database, { read: { value: read } }) as typeof database;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
  signal.throwIfAborted();
}

/** Asks the gate for a call. Returns the result, and how often the provider was called. */
async function attempt(signal = new AbortController().signal) {
  let calls = 0;
  const said = await voiceGate
    .speak(VOICE, signal, async () => {
      calls += 1;
      return "sound";
    })
    .catch((error: unknown) => error);
  return { said, calls };
}

describe("a call with a personal voice", () => {
  test("is made while the consent is live", async () => {
    expect(await attempt()).toEqual({ said: "sound", calls: 1 });
  });

  test.each([
    ["the consent was revoked", () => revoke(), "Your consent to the use of your voice has ended"],
    [
      "the consent expired",
      () => app.superuser("UPDATE instances.voice_consents SET expires_at = '2026-01-02'"),
      "expired on 2026-01-02",
    ],
    [
      "the voice was deleted",
      () => app.superuser("DELETE FROM instances.user_emotion_voices"),
      "deleted or trained again meanwhile",
    ],
    [
      "the voice is suspended",
      () =>
        app.superuser(
          "UPDATE instances.user_emotion_voices SET state = 'suspended', consent_live = NULL",
        ),
      "deleted or trained again meanwhile",
    ],
    [
      "the voice is trained again from the beginning",
      () => app.superuser("UPDATE instances.user_emotion_voices SET training_status = 'training'"),
      "deleted or trained again meanwhile",
    ],
  ])("is not made after %s", async (_name, end, reason) => {
    await end();

    const { said, calls } = await attempt();

    expect(calls).toBe(0);
    expect(said).toBeInstanceOf(ConflictError);
    expect(String(said)).toContain(reason);
  });

  test("is not made for a caller who has left", async () => {
    const left = AbortSignal.abort(new Error("The caller left."));

    const { said, calls } = await attempt(left);

    expect([String(said), calls]).toEqual(["Error: The caller left.", 0]);
  });

  test("is aborted when the caller leaves", async () => {
    const caller = new AbortController();

    const asked = voiceGate.speak(VOICE, caller.signal, async (signal) => {
      caller.abort(new Error("The caller left."));
      return untilAborted(signal);
    });

    await expect(asked).rejects.toThrow("The caller left.");
  });

  test("is aborted if the consent ended between the look at the consent and the call", async () => {
    const database = reading(async (reads) => {
      if (reads > 1) return;
      const news = app.services.notifier.listen(CONSENT_END_CHANNEL, ownerTopic(ada));
      await revoke();
      await news.next();
      await news.return?.();
    });

    const asked = gateWith({ database }).speak(VOICE, new AbortController().signal, untilAborted);

    await expect(asked).rejects.toThrow("Your consent to the use of your voice has ended");
  });

  test("goes on when a newer consent replaces the consent, and is aborted when that one ends", async () => {
    await app.superuser("UPDATE instances.voice_consents SET granted_at = '2026-01-02'");
    const renewed = gate();
    const aborted: boolean[] = [];
    let during = new AbortController().signal;
    const database = reading((reads) => {
      aborted.push(during.aborted);
      if (reads === 2) renewed.open();
    });

    const asked = gateWith({ database }).speak(
      VOICE,
      new AbortController().signal,
      async (signal) => {
        during = signal;
        await grant();
        await renewed.opened;
        await Promise.all([untilAborted(signal), revoke()]);
      },
    );

    await expect(asked).rejects.toThrow("Your consent to the use of your voice has ended");
    expect(aborted).toEqual([false, false, false]);
  });

  test("stops to listen for the end of the consent when it ends", async () => {
    const { notifier } = app.services;
    const listening = new Set<object>();
    const counting: typeof notifier = Object.create(notifier, {
      listen: {
        value: (...about: Parameters<typeof notifier.listen>) => {
          const news = notifier.listen(...about);
          listening.add(news);
          return Object.create(news, {
            next: { value: () => news.next() },
            return: {
              value: () => {
                listening.delete(news);
                return news.return?.();
              },
            },
          }) as typeof news;
        },
      },
    });
    let during = 0;

    await gateWith({ notifier: counting }).speak(VOICE, new AbortController().signal, async () => {
      during = listening.size;
    });

    expect([during, listening.size]).toEqual([1, 0]);
  });

  test("has no result if the consent ended meanwhile, even if a newer consent exists", async () => {
    const stubborn = async (signal: AbortSignal): Promise<string> => {
      await Promise.all([once(signal, "abort"), revoke()]);
      await grant();
      return "sound";
    };

    const asked = voiceGate.speak(VOICE, new AbortController().signal, stubborn);

    await expect(asked).rejects.toThrow("Your consent to the use of your voice has ended");
  });

  test("fails because of the consent, whatever the provider says about its abort", async () => {
    const offended = async (signal: AbortSignal): Promise<string> => {
      await Promise.all([once(signal, "abort"), revoke()]);
      throw new ProviderError("The connection was closed.", true);
    };

    const asked = voiceGate.speak(VOICE, new AbortController().signal, offended);

    await expect(asked).rejects.toThrow(ConflictError);
  });
});

test("a revocation waits until the sound is stored that the gate agreed to", async () => {
  const order: string[] = [];
  let revoking: Promise<unknown> = Promise.resolve();

  await app.database.write("ada", async (tx) => {
    expect(await voiceGate.hold(tx, VOICE)).toBeNull();
    revoking = revoke().then(() => order.push("revoked"));
    await untilBlocked(app.testDatabase, 1);
    order.push("stored");
  });
  await revoking;

  expect(order).toEqual(["stored", "revoked"]);
});
