import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ referenceCacheBytes: 0 });
  // The tests look at lists of the templates that they make.
  await app.superuser(
    "DELETE FROM reference.voice_modulation_templates WHERE modulation_key <> 'neutral'",
  );
});
afterEach(() => app.clean());
afterAll(() => app.close());

const TEMPLATES = `query ($first: Int!) { voiceModulationTemplates(first: $first) { edges { node {
  key isTrainable recordingPrompts { text }
  viewerSpeech { speechSeconds secondsWithoutTranscript requiredSeconds missing { speechSeconds neutralSample } }
  viewerSamples(first: 5) { edges { node {
    sampleStatus audioUrl quality { speechSeconds issues { code advice } } template { key } } } } } } } }`;

async function givenTemplates(keys: readonly string[]): Promise<number[]> {
  const rows = await app.superuser<{ id: number }>(
    `INSERT INTO reference.voice_modulation_templates
       (modulation_type, modulation_key, display_name, description, sample_text)
     SELECT 'emotion', k, initcap(k), 'Of a test.', 'Oh!' FROM unnest($1::text[]) k RETURNING id`,
    [keys],
  );
  return rows.map(({ id }) => id);
}

async function givenConsent(name: string): Promise<string> {
  await app.given.user(name);
  const consent = await app.services.consents.grant(ownerOf(subjectOf(name)), {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  return consent.id;
}

test("the number of statements is the same for one template with a take and for many with many", async () => {
  const consentId = await givenConsent("ada");
  const templateIds = await givenTemplates(["joy", "anger", "fear"]);
  const read = async (first: number) => (await app.as("ada").query(TEMPLATES, { first })).sql.count;
  await app.given.voiceSample({ owner: "ada", templateId: templateIds[1] ?? 0, consentId });
  const one = await read(1);

  for (const templateId of [...templateIds, ...templateIds]) {
    await app.given.voiceSample({ owner: "ada", templateId, consentId });
  }

  expect([one, await read(4)]).toEqual([5, 5]);
});

test("speech is added up over the takes of each template, and only for its owner", async () => {
  const consentId = await givenConsent("ada");
  const [joy = 0] = await givenTemplates(["joy"]);
  for (const templateId of [joy, joy, await app.given.neutralTemplateId()]) {
    await app.given.voiceSample({ owner: "ada", templateId, consentId });
  }
  const speechOf = async (name: string) => {
    const answer = await app.as(name).query(TEMPLATES, { first: 10 });
    return answer.list("voiceModulationTemplates.edges.*.node.viewerSpeech");
  };

  expect(await speechOf("ada")).toEqual([
    {
      speechSeconds: 18,
      secondsWithoutTranscript: 0,
      requiredSeconds: 8,
      missing: { speechSeconds: 0, neutralSample: true },
    },
    {
      speechSeconds: 9,
      secondsWithoutTranscript: 0,
      requiredSeconds: 30,
      missing: { speechSeconds: 21, neutralSample: false },
    },
  ]);
  expect(await speechOf("ben")).toMatchObject([
    { speechSeconds: 0, missing: { speechSeconds: 8, neutralSample: true } },
    { speechSeconds: 0, missing: { speechSeconds: 30 } },
  ]);
});

test.each(["NULL", "' \n '"])(
  "speech without a transcript does not count for an adapted voice (%s)",
  async (transcript) => {
    const consentId = await givenConsent("ada");
    const [templateId = 0] = await givenTemplates(["joy"]);
    await app.given.voiceSample({ owner: "ada", templateId, consentId });
    await app.superuser(`UPDATE instances.user_voice_samples SET transcript = ${transcript}`);

    const answer = await app.as("ada").query(TEMPLATES, { first: 1 });

    expect(answer.list("voiceModulationTemplates.edges.*.node.viewerSpeech")).toMatchObject([
      { speechSeconds: 9, secondsWithoutTranscript: 9, missing: { speechSeconds: 8 } },
    ]);
  },
);

test("the speech of a rejected take does not count", async () => {
  const consentId = await givenConsent("ada");
  const [templateId = 0] = await givenTemplates(["joy"]);
  await app.given.voiceSample({ owner: "ada", templateId, consentId });
  await app.given.voiceSample({ owner: "ada", templateId, consentId });
  await app.superuser(
    `UPDATE instances.user_voice_samples SET processing_status = 'rejected'
     WHERE id = (SELECT max(id) FROM instances.user_voice_samples)`,
  );

  const answer = await app.as("ada").query(TEMPLATES, { first: 1 });

  expect(answer.list("voiceModulationTemplates.edges.*.node.viewerSpeech")).toMatchObject([
    { speechSeconds: 9, missing: { speechSeconds: 0 } },
  ]);
});

test("hundredths of seconds are added up without errors of binary fractions", async () => {
  const consentId = await givenConsent("ada");
  const [templateId = 0] = await givenTemplates(["joy"]);
  const neutralId = await app.given.neutralTemplateId();
  const takes = [
    [templateId, 4.34],
    [templateId, 5.04],
    [neutralId, 18.12],
  ];
  for (const [ofTemplate = 0, speechSeconds = 0] of takes) {
    await app.given.voiceSample({ owner: "ada", templateId: ofTemplate, consentId });
    await app.superuser(
      `UPDATE instances.user_voice_samples
       SET quality = jsonb_set(quality, '{measures,speechSeconds}', to_jsonb($1::numeric))
       WHERE id = (SELECT max(id) FROM instances.user_voice_samples)`,
      [speechSeconds],
    );
  }

  const answer = await app.as("ada").query(TEMPLATES, { first: 2 });

  expect(answer.list("voiceModulationTemplates.edges.*.node.viewerSpeech")).toMatchObject([
    { speechSeconds: 9.38, missing: { speechSeconds: 0 } },
    { speechSeconds: 18.12, missing: { speechSeconds: 11.88 } },
  ]);
});
