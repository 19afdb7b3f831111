import {
  AfterRevoking,
  CONSENT_STATEMENT,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const VOICE = "voice { id displayName kind emotionVoices { trainingStatus } }";
const TRAIN = `mutation ($input: TrainEmotionVoiceInput!) { trainEmotionVoice(input: $input) {
  ${VOICE} emotionVoices { trainingStatus revision voice { id } } userErrors { code message path } } }`;
const DELETE = `mutation ($input: DeleteEmotionVoiceInput!) { deleteEmotionVoice(input: $input) {
  deletedId ${VOICE} template { key } userErrors { code message path } } }`;
const ADA = subjectOf("ada");
const ENOUGH = JSON.stringify({ measures: { speechSeconds: 31, levelDb: -20 } });

async function adaAgrees(): Promise<string> {
  await app.given.user("ada");
  const { id } = await app.services.consents.grant(ownerOf(ADA), {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  return id;
}

const adaRecordsNeutralSpeech = (consentId: string) =>
  app.superuser(
    `INSERT INTO instances.user_voice_samples (user_id, template_id, transcript, blob_key, quality, state,
       processing_status, consent_id, consent_live)
     SELECT $1, t.id, 'The words.', 'owned/ada/sample', $3::jsonb, 'usable', 'accepted', $2, true
     FROM reference.voice_modulation_templates t
     WHERE t.modulation_type = 'emotion' AND t.modulation_key = 'neutral'`,
    [ADA, consentId, ENOUGH],
  );

test("a training answers with the voice that is trained", async () => {
  await adaRecordsNeutralSpeech(await adaAgrees());

  const asked = await app.as("ada").query(TRAIN, { input: { displayName: "صوتي" } });

  expect(asked.at("trainEmotionVoice")).toEqual({
    voice: {
      id: expect.any(String),
      ...{ displayName: "صوتي", kind: "ADAPTED", emotionVoices: [{ trainingStatus: "TRAINING" }] },
    },
    emotionVoices: [
      {
        trainingStatus: "TRAINING",
        revision: 1,
        voice: { id: asked.at("trainEmotionVoice.voice.id") },
      },
    ],
    userErrors: [],
  });
});

test("a deletion answers with the voice that is left, and with null after the last emotion voice", async () => {
  const consentId = await adaAgrees();
  await app.given.story({ analyse: true });
  const trained = { neutral: { model: "owned/nobody/model" }, whisper: { model: null } };
  const voice = await givenPersonalVoice(app, ADA, { consentId, trained });
  const rows = await app.superuser<{ id: string }>(
    "SELECT id FROM instances.user_emotion_voices ORDER BY id DESC",
  );

  const answers: unknown[] = [];
  for (const { id } of rows) {
    const input = { id: toGlobalId("UserEmotionVoice", id) };
    const answer = await app.as("ada").query(DELETE, { input });
    answers.push(answer.at("deleteEmotionVoice.voice"));
  }

  const left = { id: toGlobalId("Voice", voice), emotionVoices: [{ trainingStatus: "READY" }] };
  expect(answers).toEqual([expect.objectContaining(left), null]);
});

test("an emotion voice without a consent is suspended, and nothing needs to be recorded for it", async () => {
  await adaRecordsNeutralSpeech(await adaAgrees());
  await app.as("ada").query(TRAIN, { input: {} });
  const read = async () => {
    const document = `{ viewer { voices(first: 1) { edges { node { emotionVoices {
      state trainingStatus missing { speechSeconds neutralSample } } } } } } }`;
    const answer = await app.as("ada").query(document);
    return answer.list("viewer.voices.edges.*.node.emotionVoices.*");
  };
  const usable = await read();

  await app.services.consents.revoke(ownerOf(ADA), AfterRevoking.Keep);

  expect(usable).toEqual([
    {
      ...{ state: "USABLE", trainingStatus: "TRAINING" },
      missing: { speechSeconds: 0, neutralSample: false },
    },
  ]);
  expect(await read()).toEqual([{ state: "SUSPENDED", trainingStatus: "TRAINING", missing: null }]);
});
