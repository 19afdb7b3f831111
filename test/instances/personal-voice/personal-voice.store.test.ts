import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../../src/instances/index.js";
import { personalVoiceStore } from "../../../src/instances/personal-voice/personal-voice.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { type GivenTraining, givenPersonalVoice } from "../../support/personal-voice.js";

const ada = ownerOf("ada");
const NEUTRAL = { model: "owned/ada/neutral" };
const DELTAS = { pitch: 2, range: 1.1, rate: 1.2, gain: 1, tilt: 0 };
const OTHER = { ...DELTAS, pitch: -3 };

let app: TestApp;
let consentId: string;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  const agreed = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };
  consentId = (await app.services.consents.grant(ada, agreed)).id;
});
afterEach(() => app.clean());
afterAll(() => app.close());

const given = (trained: Readonly<Record<string, GivenTraining>>) =>
  givenPersonalVoice(app, "ada", { consentId, trained: { neutral: NEUTRAL, ...trained } });

/** Adds a revision of the neutral voice. */
const revise = (revision: number, status: string, model: string | null) =>
  app.superuser(
    `INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, revision, kind, provider,
       model_blob_key, training_status, state, consent_id, consent_live)
     SELECT user_id, template_id, voice_id, $1, kind, provider, $3, $2, state, consent_id, consent_live
     FROM instances.user_emotion_voices WHERE revision = 1`,
    [revision, status, model],
  );

async function read() {
  const { database, clock } = app.services;
  const [voice] = await database.read({ viewer: "ada" }, (tx) =>
    personalVoiceStore.all(tx, ada, clock.now()),
  );
  return voice;
}

test.each([
  ["is being trained", "training"],
  ["could not be trained", "failed"],
])("a voice goes on speaking with its ready revision if the next one %s", async (_name, status) => {
  await given({});
  await revise(2, status, null);

  expect(await read()).toMatchObject({
    unavailable: null,
    neutral: { revision: 1, model: NEUTRAL.model },
  });
});

test("a voice speaks with its latest ready revision", async () => {
  await given({});
  await revise(3, "ready", "owned/ada/third");
  await revise(2, "ready", "owned/ada/second");

  expect((await read())?.neutral).toEqual({ revision: 3, model: "owned/ada/third" });
});

test("a voice cannot speak as soon as its consent expires, before the consent is ended", async () => {
  await given({ joy: { model: null, deltas: DELTAS } });
  await app.superuser("UPDATE instances.voice_consents SET expires_at = '2026-01-02'");

  const voice = await read();

  expect(voice).toMatchObject({ unavailable: "no_consent", neutral: null });
  expect(voice?.emotions.size).toBe(0);
});

test("a suspended emotion voice does not speak", async () => {
  await given({ joy: { model: "owned/ada/joy" } });
  await app.superuser(
    `UPDATE instances.user_emotion_voices SET state = 'suspended', consent_live = NULL
     WHERE model_blob_key = 'owned/ada/joy'`,
  );

  expect([...((await read())?.emotions.keys() ?? [])]).toEqual([]);
});

test("an emotion with recordings has the delivery that was measured on them", async () => {
  await given({ neutral: { ...NEUTRAL, otherDeltas: { fear: OTHER } } });

  expect((await read())?.emotions.get("fear")).toEqual({
    ...{ revision: null, model: null, deltas: OTHER },
  });
});

test("the delivery of an emotion voice comes before the delivery measured for neutral", async () => {
  await given({
    neutral: { ...NEUTRAL, otherDeltas: { joy: OTHER } },
    joy: { model: null, deltas: DELTAS, revision: 4 },
  });

  expect((await read())?.emotions.get("joy")).toEqual({
    ...{ revision: 4, model: null, deltas: DELTAS },
  });
});
