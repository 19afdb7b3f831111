import { type ApiApp, apiApp } from "../../support/api.js";
import { type GivenRecording, givenRecording } from "../../support/recorded-speech.js";
import { LONG_LINE, SHORT_LINE } from "../../support/spoken-recording.js";
import { recorder } from "../harness/recording.flow.js";
import { type TrainingPayload, templateIdOf, trainer } from "../harness/training.flow.js";

let app: ApiApp;
let ada: ReturnType<typeof trainer>;
beforeAll(async () => {
  app = await apiApp({ worker: true });
  ada = trainer(app.as("ada"));
});
beforeEach(() => recorder(app, "ada").agree());
afterEach(() => app.clean());
afterAll(() => app.close());

const record = async (about: GivenRecording) =>
  givenRecording(app, await app.given.user("ada"), about);
const recordNeutral = async () => {
  await record({ key: "neutral", text: LONG_LINE });
  await record({ key: "neutral", text: SHORT_LINE });
};

const PREVIEW = `mutation ($input: PreviewVoiceInput!) { previewVoice(input: $input) {
  preview { durationMs } userErrors { code message } } }`;

test("a person trains a voice, hears it, trains it again, and deletes it", async () => {
  await recordNeutral();
  await record({ key: "joy", text: SHORT_LINE, voice: "flite:slt", speechSeconds: 8 });
  await record({ key: "fear", text: SHORT_LINE, speechSeconds: 3 });

  const asked = await ada.train({ displayName: "Ada, reading" });
  const states = [];
  for (const { id, trainingStatus } of asked.emotionVoices) {
    if (trainingStatus === "TRAINING") states.push(await ada.follow(id));
  }
  const own = await ownVoice();

  expectAsked(asked);
  const [neutral = [], joy = []] = states;
  expect(neutral[0]).toMatchObject({ trainingStatus: "TRAINING" });
  expect(neutral.at(-1)).toMatchObject({
    ...{
      trainingStatus: "READY",
      trainingFailure: null,
      revision: 1,
      sampleCount: 2,
      etaSeconds: null,
    },
    ...{ kind: "ADAPTED", provider: "flite", trainedAt: expect.any(String) },
    ...{ qualityScore: expect.any(Number), metrics: expect.any(Object) },
    voice: { id: own.id, kind: "ADAPTED", isAvailable: true },
  });
  expect(joy.at(-1)).toMatchObject({ trainingStatus: "READY", sampleCount: 1 });
  expect(
    own.emotionVoices.map(({ template, trainingStatus }) => [template.key, trainingStatus]),
  ).toEqual([
    ["neutral", "READY"],
    ["fear", "COLLECTING"],
    ["joy", "READY"],
  ]);
  await hears(own.id);
  await trainsAgain(own.id);
  await deletes();
});

async function ownVoice() {
  const [own] = await ada.voices();
  if (!own) throw new Error("There is no voice.");
  return own;
}

function expectAsked({ voice, emotionVoices, userErrors }: TrainingPayload): void {
  expect(userErrors).toEqual([]);
  expect(voice).toMatchObject({ displayName: "Ada, reading", isAvailable: false });
  expect(emotionVoices).toMatchObject([
    { trainingStatus: "TRAINING", template: { key: "neutral" }, etaSeconds: expect.any(Number) },
    { trainingStatus: "TRAINING", template: { key: "joy" }, missing: { speechSeconds: 0 } },
    {
      trainingStatus: "COLLECTING",
      etaSeconds: null,
      missing: { speechSeconds: 5, neutralSample: false },
    },
  ]);
  const [neutral, joy] = emotionVoices.map(({ etaSeconds }) => etaSeconds ?? 0);
  expect(joy).toBeGreaterThan(neutral ?? 0);
}

async function hears(voice: string): Promise<void> {
  const input = { voice, text: "The lamp was still burning.", emotion: "joy" };
  const heard = await app.as("ada").query(PREVIEW, { input });
  const unheard = await app.as("ben").query(PREVIEW, { input });

  expect(heard.at("previewVoice")).toMatchObject({
    preview: { durationMs: expect.any(Number) },
    userErrors: [],
  });
  expect(unheard.at("previewVoice")).toMatchObject({
    preview: null,
    userErrors: [{ code: "BAD_USER_INPUT" }],
  });
}

async function trainsAgain(voiceId: string): Promise<void> {
  const templateIds = [await templateIdOf(app, "neutral")];
  const again = await ada.train({ voiceId, templateIds });
  const speaking = await ownVoice();
  const last = (await ada.follow(again.emotionVoices[0]?.id ?? "")).at(-1);

  expect(again.emotionVoices).toMatchObject([{ trainingStatus: "TRAINING", revision: 2 }]);
  // Until the new revision is ready, the earlier one speaks.
  expect(speaking.isAvailable).toBe(true);
  expect(last).toMatchObject({ trainingStatus: "READY", revision: 2 });
  expect(await revisions()).toEqual(["joy 1", "neutral 2"]);
}

const revisions = async (): Promise<string[]> => {
  const rows = await app.superuser<{ name: string }>(
    `SELECT t.modulation_key || ' ' || v.revision AS name FROM instances.user_emotion_voices v
     JOIN reference.voice_modulation_templates t ON t.id = v.template_id
     WHERE v.training_status = 'ready' ORDER BY name`,
  );
  return rows.map(({ name }) => name);
};

async function deletes(): Promise<void> {
  const own = await ownVoice();
  const idOf = (key: string) =>
    own.emotionVoices.find(({ template }) => template.key === key)?.id ?? "";

  expect(await ada.remove(idOf("neutral"))).toMatchObject({
    ...{ deletedId: null, voice: null, template: null },
    userErrors: [{ code: "CONFLICT", message: expect.stringContaining("delete the others first") }],
  });
  expect(await ada.remove(idOf("joy"))).toMatchObject({
    deletedId: idOf("joy"),
    voice: { id: own.id, emotionVoices: [{ template: { key: "neutral" } }, {}] },
    template: { key: "joy", viewerVoice: null },
    userErrors: [],
  });
  await ada.remove(idOf("fear"));
  expect(await ada.remove(idOf("neutral"))).toMatchObject({ voice: null, userErrors: [] });
  expect(await ada.voices()).toEqual([]);
}

test("a second request during a training is a CONFLICT with the emotion voice in training", async () => {
  await recordNeutral();
  const templateIds = [await templateIdOf(app, "neutral")];

  const both = await Promise.all([1, 2].map(() => ada.train({ templateIds })));

  const [refused] = both.filter(({ userErrors }) => userErrors.length > 0);
  const [accepted] = both.filter(({ userErrors }) => userErrors.length === 0);
  const id = accepted?.emotionVoices[0]?.id ?? "";
  expect(refused).toMatchObject({
    ...{ voice: null, emotionVoices: [{ id, trainingStatus: "TRAINING" }] },
    userErrors: [{ code: "CONFLICT", message: expect.stringContaining("voiceTrainingProgress") }],
  });
  expect((await ada.follow(id)).at(-1)).toMatchObject({ trainingStatus: "READY" });
});

test("without any recording, the answer says what to do", async () => {
  expect(await ada.train()).toMatchObject({
    ...{ voice: null, emotionVoices: [] },
    userErrors: [{ code: "CONFLICT", message: expect.stringContaining("record the neutral") }],
  });
});

test("recordings without a voice fail with the advice, and training again replaces the failure", async () => {
  // One word is not enough, whatever the row says.
  await record({ key: "neutral", text: "No." });
  const asked = await ada.train();

  const failed = (await ada.follow(asked.emotionVoices[0]?.id ?? "")).at(-1);
  await recordNeutral();
  const again = await ada.train();
  const last = (await ada.follow(again.emotionVoices[0]?.id ?? "")).at(-1);

  expect(failed).toMatchObject({
    trainingStatus: "FAILED",
    trainingFailure: expect.stringMatching(/record/i),
  });
  expect(last).toMatchObject({ trainingStatus: "READY", trainingFailure: null });
  expect((await ada.voices())[0]?.emotionVoices).toHaveLength(1);
});
