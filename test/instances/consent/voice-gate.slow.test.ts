import { once } from "node:events";
import {
  AfterRevoking,
  CONSENT_STATEMENT,
  type NarrationEntity,
  SpeechDirectory,
  VoicePreviews,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { NO_QUOTAS } from "../../../src/config.js";
import { systemClock } from "../../../src/platform/clock.js";
import { ConflictError } from "../../../src/platform/errors.js";
import type { SpeechProvider } from "../../../src/providers/speech/speech.port.js";
import { fliteSpeech } from "../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../src/providers/speech/flite/flite.worker.js";
import type { BlobStorage } from "../../../src/providers/storage/storage.port.js";
import { type TestApp, testApp } from "../../support/app.js";
import { collect } from "../../support/collect.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { narrated } from "../rendering/narrated.js";
import { Studio, type StudioOptions } from "../rendering/studio.js";

const ada = ownerOf("ada");
const AGREED = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };

let app: TestApp;
let voice: string;
let publicId: string;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  publicId = (await app.given.user("ada")).publicId;
  voice = await givenPersonalVoice(app, "ada", { consentId: (await grant()).id });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const grant = () => app.services.consents.grant(ada, AGREED);
const revoke = (after: AfterRevoking = AfterRevoking.Keep) =>
  app.services.consents.revoke(ada, after);
const expireAt = (sql: string) =>
  app.superuser(`UPDATE instances.voice_consents SET expires_at = ${sql} WHERE is_live`);
const expire = () => expireAt("'2026-01-02'");
const renditions = () => app.superuser("SELECT recipe_key FROM instances.user_renditions");
const shared = () => app.superuser("SELECT recipe_key FROM reference.renditions");
const blobs = (storage: BlobStorage) => collect(storage.list(publicId));

describe("a render in a personal voice", () => {
  let studio: Studio;
  afterEach(() => studio.close());

  async function queued(options: StudioOptions = {}): Promise<NarrationEntity> {
    studio = await Studio.open(app, options);
    return narrated(app, "ada", { narratorVoice: voice });
  }

  test("speaks under a consent, and shares no rendition", async () => {
    const narration = await queued();
    await app.services.narrations.update(ada, narration, {
      cast: narration.voiceCast.map(({ characterId }) => ({ characterId, voice })),
    });

    expect((await studio.render(narration)).status).toBe("ready");
    expect(studio.said).toHaveLength(5);
    expect(await renditions()).toHaveLength(5);
    expect(await shared()).toEqual([]);
  });

  test("speaks no further line after the consent expired, and says what to do", async () => {
    const narration = await queued();
    let personalLines = 0;
    studio.beforeSpeaking = async ({ personal }) => {
      if (!personal) return;
      personalLines += 1;
      await expire();
    };

    const failed = await studio.render(narration);

    expect(personalLines).toBe(1);
    expect(failed).toMatchObject({
      status: "failed",
      failure: { code: "CONSENT_ENDED", message: expect.stringContaining("expired on 2026-01-02") },
    });
  });

  test("speaks nothing if the consent expired before a worker began, and says what to do", async () => {
    const narration = await queued();
    const order = await studio.request(narration);
    await expire();

    await studio.renders.run(order);

    expect(studio.said).toEqual([]);
    expect(await app.given.reread(narration)).toMatchObject({
      status: "failed",
      failure: {
        code: "CONSENT_ENDED",
        message: expect.stringContaining("your consent has ended; agree again"),
      },
    });
  });

  test("drops the line that was spoken while the consent expired, with its blob", async () => {
    const narration = await queued();
    studio.beforeSpeaking = async () => {
      await expire();
    };

    await studio.render(narration);

    expect(studio.said).toHaveLength(1);
    expect([await renditions(), await blobs(studio.storage)]).toEqual([[], []]);
  });

  test("aborts the line that is spoken when the consent is revoked", async () => {
    const narration = await queued();
    studio.beforeSpeaking = async (_request, signal) => {
      await Promise.all([once(signal, "abort"), revoke()]);
      signal.throwIfAborted();
    };

    const cancelled = await studio.render(narration);

    expect(cancelled).toMatchObject({
      status: "cancelled",
      failure: { message: expect.stringContaining("You revoked your consent") },
    });
    expect(studio.said).toEqual([]);
    expect([await renditions(), await blobs(studio.storage)]).toEqual([[], []]);
  });

  test("aborts the line that is spoken at the moment when the consent expires", async () => {
    const narration = await queued();
    let aborted = 0;
    studio.beforeSpeaking = async (_request, signal) => {
      await once(signal, "abort");
      aborted += 1;
      signal.throwIfAborted();
    };
    const order = await studio.request(narration);
    await expireAt("clock_timestamp() + interval '400 milliseconds'");

    await studio.renders.run(order);

    expect(aborted).toBe(1);
    expect(await app.given.reread(narration)).toMatchObject({
      failure: {
        code: "CONSENT_ENDED",
        message: expect.stringContaining("agree again with grantVoiceConsent"),
      },
    });
  });

  test("goes on while a newer consent replaces the consent", async () => {
    const narration = await queued();
    await app.superuser("UPDATE instances.voice_consents SET granted_at = '2026-01-02'");
    studio.beforeSpeaking = async () => {
      await grant();
    };

    expect((await studio.render(narration)).status).toBe("ready");
  });

  test("stops if the voice was deleted, even if there is a newer consent", async () => {
    const narration = await queued();
    studio.beforeSpeaking = async () => {
      await app.superuser("DELETE FROM instances.user_emotion_voices");
    };

    const failed = await studio.render(narration);

    expect(studio.said).toHaveLength(1);
    expect(failed.failure).toMatchObject({
      message: expect.stringContaining("deleted or trained again meanwhile"),
    });
    expect(await renditions()).toEqual([]);
  });

  test("still counts the paid characters of a line that was spoken and dropped", async () => {
    const narration = await queued({ isPaid: true, quotas: { paidCharactersPerDay: 1_000 } });
    studio.beforeSpeaking = async () => {
      await expire();
    };

    await studio.render(narration);

    const [used] = await app.superuser<{ amount: number }>(
      "SELECT amount::int FROM platform.user_usage WHERE kind = 'paid_characters'",
    );
    expect(used).toEqual({ amount: studio.said[0]?.length });
  });
});

describe("a preview in a personal voice", () => {
  /** Previews with the embedded engine, which calls `before` when it begins to speak. */
  function previews(
    before: (signal: AbortSignal) => Promise<unknown>,
    storage: BlobStorage = app.storage,
  ): VoicePreviews {
    const flite = fliteSpeech((input) => speak(input));
    const provider: SpeechProvider = {
      ...flite,
      synthesize: async ({ personal: _personal, ...request }, signal) => {
        await before(signal);
        return flite.synthesize({ ...request, voice: "flite:slt" }, signal);
      },
    };
    const { database, notifier } = app.services;
    return new VoicePreviews({
      ...{ database, notifier, storage, clock: systemClock, quotas: NO_QUOTAS },
      speech: new SpeechDirectory([provider]),
      sweepLater: () => Promise.resolve(),
    });
  }

  const preview = (service: VoicePreviews) =>
    service.preview(ada, { voice, text: "Go on." }, new AbortController().signal);

  test("has a grant that ends with the consent", async () => {
    const { blobKey, grant: reason } = await preview(previews(() => Promise.resolve()));

    expect(reason).toMatch(/^voice\.\d+$/);
    expect(await app.services.mediaAccess.isGranted(blobKey, reason)).toBe(true);
  });

  test("is aborted when the consent is revoked, and nothing is stored", async () => {
    const service = previews((signal) => Promise.all([once(signal, "abort"), revoke()]));

    const asked = preview(service);

    await expect(asked).rejects.toThrow(ConflictError);
    await expect(asked).rejects.toThrow("agree again with grantVoiceConsent");
    expect(await blobs(app.storage)).toEqual([]);
  });

  test("is dropped if the consent ends after the words are spoken", async () => {
    const storage: BlobStorage = Object.create(app.storage, {
      put: {
        value: async (...sound: Parameters<BlobStorage["put"]>) => {
          const stored = await app.storage.put(...sound);
          await expire();
          return stored;
        },
      },
    }) as BlobStorage;

    await expect(preview(previews(() => Promise.resolve(), storage))).rejects.toThrow("expired on");
    expect(await blobs(app.storage)).toEqual([]);
  });

  test("is not spoken if the voice was deleted and a newer consent exists", async () => {
    const service = previews(async () => {
      await revoke(AfterRevoking.Delete);
      await grant();
    });

    await expect(preview(service)).rejects.toThrow(ConflictError);
    expect(await blobs(app.storage)).toEqual([]);
  });
});
