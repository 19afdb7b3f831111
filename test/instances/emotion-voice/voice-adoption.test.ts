import {
  AfterRevoking,
  CONSENT_STATEMENT,
  VoiceAdoption,
  ownerOf,
} from "../../../src/instances/index.js";
import { NotFoundError, ProviderError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { Trainings, ada } from "./trainings.js";

let app: TestApp;
let trainings: Trainings;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  trainings = await Trainings.begin(app);
  lost = [];
  asked.length = 0;
});
afterEach(() => app.clean());
afterAll(() => app.close());

/** The clones that the vendor no longer has, and the clones that the vendor was asked about. */
let lost: readonly string[] = [];
const asked: string[] = [];

const adoptions = (): VoiceAdoption =>
  new VoiceAdoption({
    ...{ database: app.database, clock: app.services.clock },
    cloning: [
      { id: "flite" },
      {
        id: "vendor",
        hasVoice: (model) => {
          asked.push(model);
          return Promise.resolve(!lost.includes(model));
        },
      },
    ],
  });
const adopt = (id: string, owner = ada) =>
  adoptions().adopt(owner, id, new AbortController().signal);

/** A voice of the earlier platform. */
async function givenVoice(provider = "vendor"): Promise<string> {
  const [voice] = await app.superuser<{ id: string }>(
    `INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
     VALUES ('ada', $1 || ':own-1234567890123456789012', $1, 'cloned', 'Mine', 'en') RETURNING id`,
    [provider],
  );
  return voice?.id ?? "";
}

interface Migrated {
  readonly status?: string;
  readonly model?: string | null;
  readonly revision?: number;
}

async function migrated(voiceId: string, key: string, about: Migrated = {}): Promise<string> {
  const { status = "ready", model = `clone of ${key}`, revision = 1 } = about;
  const [row] = await app.superuser<{ id: string }>(
    `INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, revision, kind, provider,
       provider_voice_id, training_status, state)
     SELECT 'ada', $1, v.id, $2, 'cloned', v.provider, $3, $4, 'awaiting_consent'
     FROM instances.user_voices v WHERE v.id = $5 RETURNING id`,
    [await trainings.template(key), revision, model, status, voiceId],
  );
  return row?.id ?? "";
}

const states = async (): Promise<string[]> =>
  (await trainings.rows()).map(({ key, state, revision }) => `${key} ${revision} ${state}`);
const wanted = async (): Promise<(string | null)[]> =>
  (await trainings.clonesListed()).filter(({ isWanted }) => isWanted).map(({ model }) => model);
const consents = () => app.services.consents;

test("an adopted emotion voice is usable with its neutral voice, and its clones are listed", async () => {
  const voice = await givenVoice();
  const neutral = await migrated(voice, "neutral");
  const joy = await migrated(voice, "joy");
  await migrated(voice, "fear");

  const adopted = await adopt(joy);

  expect(adopted.voice).toBe("vendor:own-1234567890123456789012");
  expect(adopted.emotionVoices.map(({ id, state }) => [id, state])).toEqual([
    [neutral, "usable"],
    [joy, "usable"],
  ]);
  expect(await states()).toEqual(["neutral 1 usable", "fear 1 awaiting_consent", "joy 1 usable"]);
  expect(asked).toEqual(["clone of neutral", "clone of joy"]);
  expect((await wanted()).sort()).toEqual(["clone of joy", "clone of neutral"]);
});

test("adopting twice, also at the same time, changes nothing more", async () => {
  const neutral = await migrated(await givenVoice(), "neutral");

  const both = await Promise.all([adopt(neutral), adopt(neutral)]);
  const again = await adopt(neutral);

  for (const { emotionVoices } of [...both, again]) {
    expect(emotionVoices).toMatchObject([{ id: neutral, state: "usable" }]);
  }
  expect(await wanted()).toEqual(["clone of neutral"]);
});

test("a voice is not adopted without a consent, and not by someone else", async () => {
  const neutral = await migrated(await givenVoice(), "neutral");
  await app.given.user("ben");
  await consents().grant(ownerOf("ben"), {
    statementVersion: CONSENT_STATEMENT.version,
    subject: "self",
  });
  await consents().revoke(ada, AfterRevoking.Keep);

  await expect(adopt(neutral)).rejects.toThrow("You have not agreed to the use of your voice");
  await expect(adopt(neutral, ownerOf("ben"))).rejects.toThrow(NotFoundError);
  await expect(adopt("999")).rejects.toThrow("You have not agreed");
  expect(await states()).toEqual(["neutral 1 awaiting_consent"]);
  expect(asked).toEqual([]);
});

test("a voice that was not trained is not adopted, and the answer says what to do", async () => {
  const voice = await givenVoice();
  const failed = await migrated(voice, "joy", { status: "failed", model: null });
  const collecting = await migrated(voice, "fear", { status: "collecting" });

  await expect(adopt(failed)).rejects.toThrow("failed on the earlier platform");
  await expect(adopt(collecting)).rejects.toThrow("was not trained on the earlier platform");
  await expect(adopt(failed)).rejects.toMatchObject({ current: { id: failed } });
});

test("of several revisions, the latest that is ready is adopted", async () => {
  const voice = await givenVoice();
  await migrated(voice, "neutral", { revision: 1, model: "first" });
  const second = await migrated(voice, "neutral", { revision: 2, model: "second" });
  const failed = await migrated(voice, "neutral", { revision: 3, status: "failed", model: null });

  const { emotionVoices } = await adopt(failed);

  expect(emotionVoices).toMatchObject([{ id: second }]);
  expect(await wanted()).toEqual(["second"]);
});

describe("a clone that the vendor no longer has", () => {
  test("is not adopted", async () => {
    const neutral = await migrated(await givenVoice(), "neutral");
    lost = ["clone of neutral"];

    await expect(adopt(neutral)).rejects.toMatchObject({
      message: expect.stringContaining("no longer has this voice"),
      current: { id: neutral, state: "awaiting_consent" },
    });
    expect(await wanted()).toEqual([]);
  });

  test("does not stop another emotion if it is the neutral one, which waits for a training", async () => {
    const voice = await givenVoice();
    await migrated(voice, "neutral");
    const joy = await migrated(voice, "joy");
    lost = ["clone of neutral"];

    await adopt(joy);

    expect(await states()).toEqual(["neutral 1 awaiting_consent", "joy 1 usable"]);
  });

  test("is not known if the vendor fails, so nothing changes", async () => {
    const neutral = await migrated(await givenVoice(), "neutral");
    const failing = new VoiceAdoption({
      ...{ database: app.database, clock: app.services.clock },
      cloning: [
        {
          id: "vendor",
          hasVoice: () => Promise.reject(new ProviderError("The vendor is down.", true)),
        },
      ],
    });

    const adopting = failing.adopt(ada, neutral, new AbortController().signal);

    await expect(adopting).rejects.toThrow("The vendor is down.");
    expect(await states()).toEqual(["neutral 1 awaiting_consent"]);
  });
});

test("a voice of a provider that this server does not have is adopted without a question", async () => {
  const neutral = await migrated(await givenVoice("elsewhere"), "neutral");

  await adopt(neutral);

  expect(await states()).toEqual(["neutral 1 usable"]);
  expect(asked).toEqual([]);
});

test("a voice that was trained again here is not adopted", async () => {
  const voice = await givenVoice();
  const neutral = await migrated(voice, "neutral");
  await trainings.record("neutral", 30);
  trainings.answer = (order) => trainings.clone(order);
  await trainings.ask([], { provider: "vendor" });
  await trainings.run();

  await expect(adopt(neutral)).rejects.toThrow("trained this voice again");
  expect(await wanted()).toEqual(["clone-1"]);
});

test("a training replaces an adopted voice, whose clone is then deleted", async () => {
  const voice = await givenVoice();
  await adopt(await migrated(voice, "neutral"));
  await trainings.record("neutral", 30);
  trainings.answer = (order) => trainings.clone(order);

  await trainings.ask([], { provider: "vendor" });
  await trainings.run();

  expect(await states()).toEqual(["neutral 2 usable"]);
  expect(await wanted()).toEqual(["clone-1"]);
  expect(trainings.cleanups).toHaveLength(1);
});

describe("revoking the consent", () => {
  test("suspends an adopted voice, and a new consent makes it usable again", async () => {
    const neutral = await migrated(await givenVoice(), "neutral");
    await adopt(neutral);

    await consents().revoke(ada, AfterRevoking.Keep);
    const revoked = await states();
    await trainings.agree();

    expect(revoked).toEqual(["neutral 1 suspended"]);
    expect(await states()).toEqual(["neutral 1 usable"]);
    expect(await wanted()).toEqual(["clone of neutral"]);
  });

  test("at the same time as the adoption leaves no usable voice", async () => {
    const neutral = await migrated(await givenVoice(), "neutral");

    await Promise.allSettled([adopt(neutral), consents().revoke(ada, AfterRevoking.Keep)]);

    expect(await states()).toEqual([
      expect.stringMatching(/^neutral 1 (suspended|awaiting_consent)$/),
    ]);
  });

  test("with DELETE, deletes the clones at the vendor, also those that were not adopted", async () => {
    const voice = await givenVoice();
    await adopt(await migrated(voice, "neutral"));
    await migrated(voice, "fear");
    await migrated(voice, "joy", { status: "failed", model: null });

    await consents().revoke(ada, AfterRevoking.Delete);

    expect(await states()).toEqual([]);
    const clones = await trainings.clonesListed();
    expect(clones.map(({ model, isWanted }) => [model, isWanted]).sort()).toEqual([
      ["clone of fear", false],
      ["clone of neutral", false],
    ]);
  });
});

test("deleting an emotion voice that was not adopted deletes its clone, too", async () => {
  const fear = await migrated(await givenVoice(), "fear");

  await trainings.service().remove(ada, fear);

  expect(await trainings.clonesListed()).toMatchObject([
    { model: "clone of fear", isWanted: false },
  ]);
  expect(trainings.cleanups).toHaveLength(1);
});
