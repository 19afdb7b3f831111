import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { EmotionLabel } from "../../src/reference/analysis/analyser/index.js";
import { DELIVERED_EMOTIONS } from "../../src/reference/index.js";
import { nearestEmotion } from "../../src/reference/voice-modulation/emotions.js";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";
import type { Answer } from "./harness/answer.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const LIST = `query { voiceModulationTemplates(first: 100) { edges { node {
  type key displayName isTrainable viewerVoice { id } prosody { rate pitch isWhispered } } } } }`;

interface Listed {
  readonly type: string;
  readonly key: string;
  readonly isTrainable: boolean;
  readonly viewerVoice: object | null;
  readonly prosody: { readonly rate: number; readonly isWhispered: boolean } | null;
}
const listed = async (client = app.anonymous()): Promise<Listed[]> =>
  (await client.query(LIST)).list("voiceModulationTemplates.edges.*.node") as Listed[];

const ERRORS = "userErrors { code message path }";
/** The ways to ask for an emotion. */
const ASKING = {
  updateNarrationSegments: (input: object, emotion: string) => ({
    document: `mutation ($input: UpdateNarrationSegmentsInput!) { updateNarrationSegments(input: $input) {
      narration { version segments(first: 1) { edges { node { emotion { label } } } } } ${ERRORS} } }`,
    input: { ...input, edits: [{ index: 0, emotion }] },
    path: ["edits", "0", "emotion"],
  }),
  updateNarration: (input: object, emotion: string) => ({
    document: `mutation ($input: UpdateNarrationInput!) { updateNarration(input: $input) {
      narration { version voiceModifications { emotions { emotion } } } ${ERRORS} } }`,
    input: { ...input, voiceModifications: { emotions: [{ emotion, rate: 0.9 }] } },
    path: ["voiceModifications", "emotions", "0", "emotion"],
  }),
  insertNarrationSegments: (input: object, emotion: string) => ({
    document: `mutation ($input: InsertNarrationSegmentsInput!) { insertNarrationSegments(input: $input) {
      narration { version segments(first: 1) { edges { node { emotion { label } } } } } ${ERRORS} } }`,
    input: { ...input, segments: [{ text: "Listen.", emotion }] },
    path: ["segments", "0", "emotion"],
  }),
  createNarration: (_input: object, emotion: string, storyId: string) => ({
    document: `mutation ($input: CreateNarrationInput!) { createNarration(input: $input) {
      narration { voiceModifications { emotions { emotion } } } ${ERRORS} } }`,
    input: { storyId, voiceModifications: { emotions: [{ emotion, rate: 0.9 }] } },
    path: ["voiceModifications", "emotions", "0", "emotion"],
  }),
  previewVoice: (_input: object, emotion: string) => ({
    document: `mutation ($input: PreviewVoiceInput!) { previewVoice(input: $input) { preview { durationMs } ${ERRORS} } }`,
    input: { voice: toGlobalId("Voice", "flite:slt"), text: "Hello.", emotion },
    path: ["emotion"],
  }),
};

async function ask(
  mutation: keyof typeof ASKING,
  emotion: string,
): Promise<{ answer: Answer; path: string[]; id: string }> {
  const { id, version, referenceStoryId } = await app.given.narration({ owner: "ada" });
  const at = { id: toGlobalId("UserStoryNarration", id), version };
  const storyId = toGlobalId("ReferenceStory", referenceStoryId);
  const { document, input, path } = ASKING[mutation](at, emotion, storyId);
  return { answer: await app.as("ada").query(document, { input }), path, id };
}

test("everything that can be asked for is listed from the start, with its prosody", async () => {
  const all = await listed();

  const askable = all.filter(({ isTrainable }) => isTrainable).map(({ key }) => key);
  expect(askable.toSorted()).toEqual([...DELIVERED_EMOTIONS].toSorted());
  expect(all.filter(({ prosody }) => prosody === null)).toEqual([]);
  expect(all.find(({ key }) => key === "sadness")?.prosody).toMatchObject({ rate: 0.8, pitch: -2 });
  expect(all.find(({ key }) => key === "whisper")?.prosody?.isWhispered).toBe(true);
});

test("a sound has no prosody, and the first story with an emotion becomes its source", async () => {
  const text = "The door creaked. “How wonderful! I am so happy!” she said.";
  const story = await app.given.story({ text, analyse: true });

  const sounds = (await listed()).filter(({ type }) => type === "SOUND");
  const answer = await app
    .anonymous()
    .query(
      'query { voiceModulationTemplates(search: "joy") { edges { node { sourceStory { id } } } } }',
    );

  expect(sounds).toEqual([expect.objectContaining({ key: "creak", prosody: null })]);
  expect(answer.at("voiceModulationTemplates.edges.0.node.sourceStory.id")).toBe(
    toGlobalId("ReferenceStory", story.id),
  );
});

test("the viewer's own voice stands beside the emotion", async () => {
  const voice = await app.given.emotionVoice({ owner: "ada" });

  const neutral = (await listed(app.as("ada"))).find(({ key }) => key === "neutral");

  expect(neutral?.viewerVoice).toEqual({ id: toGlobalId("UserEmotionVoice", voice.id) });
});

describe.each(Object.keys(ASKING) as (keyof typeof ASKING)[])("%s", (mutation) => {
  test("refuses an unknown emotion, names the nearest, and moves no version", async () => {
    const { answer, path, id } = await ask(mutation, "hangry");

    expect(answer.at(`${mutation}.userErrors`)).toEqual([
      { code: "BAD_USER_INPUT", message: expect.stringContaining("Did you mean anger?"), path },
    ]);
    const row = await app.given.reread({ userId: subjectOf("ada"), id });
    expect(row.version).toBe(1);
  });

  test.each([...DELIVERED_EMOTIONS])("takes %s in any case and with spaces", async (emotion) => {
    const { answer } = await ask(mutation, ` ${emotion.toUpperCase()} `);

    expect(answer.at(`${mutation}.userErrors`)).toEqual([]);
    expect(answer.body).not.toContain(emotion.toUpperCase());
  });
});

test("an unknown emotion is named beside a wrong story", async () => {
  const voiceModifications = { emotions: [{ emotion: "hangry" }] };

  const answer = await app
    .as("ada")
    .query(
      "mutation ($input: CreateNarrationInput!) { createNarration(input: $input) { userErrors { path } } }",
      { input: { storyId: "wrong", voiceModifications } },
    );

  expect(answer.at("createNarration.userErrors")).toEqual([
    { path: ["storyId"] },
    { path: ["voiceModifications", "emotions", "0", "emotion"] },
  ]);
});

test("an emotion of the earlier platform can be asked for while its template is active", async () => {
  await app.superuser(`INSERT INTO reference.voice_modulation_templates
    (modulation_type, modulation_key, display_name, description, sample_text)
    VALUES ('emotion', 'nostalgia', 'Nostalgia', 'Of old times.', 'Once more.')`);

  const { answer } = await ask("updateNarrationSegments", "Nostalgia");
  const nostalgia = (await listed()).find(({ key }) => key === "nostalgia");

  expect(answer.at("updateNarrationSegments.userErrors")).toEqual([]);
  expect(nostalgia).toMatchObject({ isTrainable: true, prosody: null });
});

test("a segment keeps an unknown emotion that it has already", async () => {
  const { id, version } = await app.given.narration({ owner: "ada" });
  await app.superuser("UPDATE instances.user_narration_segments SET emotion = 'hangry'");
  const input = { id: toGlobalId("UserStoryNarration", id), version };

  const same = ASKING.updateNarrationSegments(input, "hangry");
  const answer = await app.as("ada").query(same.document, { input: same.input });

  expect(answer.at("updateNarrationSegments.userErrors")).toEqual([]);
  expect(answer.at("updateNarrationSegments.narration.version")).toBe(version);
});

test.each([
  ["happy", "joy"],
  ["sad", "sadness"],
  ["fearful", "fear"],
  ["tender", "tenderness"],
  ["surprize", "surprise"],
  ["neutrl", "neutral"],
  ["bored", "boredom"],
  ["naeutral", "neutral"],
  ["furious", "anger"],
  ["xylophone", null],
  ["", null],
])("the nearest emotion of %s is %s", (word, key) => {
  expect(nearestEmotion(word, [...DELIVERED_EMOTIONS])).toBe(key);
});

test("every emotion that the analyser finds can be asked for", () => {
  const found = Object.values(EmotionLabel);

  expect(found.filter((label) => !DELIVERED_EMOTIONS.has(label))).toEqual([]);
});
