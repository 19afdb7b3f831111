import { SpeechDirectory, VoicePreviews, ownerOf } from "../../../src/instances/index.js";
import {
  type SpeechProvider,
  type SpeechRequest,
  VoiceAge,
  VoiceGender,
} from "../../../src/providers/speech/speech.port.js";
import { type TestApp, testApp } from "../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const voice = (name: string, ...languages: readonly string[]) => ({
  ...{ id: `babel:${name}`, provider: "babel", displayName: name, languages },
  ...{ gender: VoiceGender.Neutral, ageGroup: VoiceAge.Adult },
});

/** Voices of several languages, which say nothing but remember what they were asked. */
function babel(asked: SpeechRequest[]): VoicePreviews {
  const provider: SpeechProvider = {
    id: "babel",
    listVoices: () => [voice("anna", "de", "en"), voice("tomi", "fi"), voice("amy", "en")],
    capabilities: () => ({
      ...{ version: "1", languages: ["de", "en", "fi"], maxChars: 1000, timing: "none" },
      ...{ prosody: [], emotion: "none", cloning: "none" },
      ...{ isDeterministic: true, stitchesNeighbours: false, isOffline: true },
    }),
    synthesize: async (request) => {
      asked.push(request);
      const pcm = new Float32Array(1600);
      return { pcm, sampleRate: 16_000, words: [], timingSource: "estimated", degraded: [] };
    },
  };
  const { database } = app.services;
  return new VoicePreviews({
    database,
    storage: app.storage,
    sweepLater: () => Promise.resolve(),
    speech: new SpeechDirectory([provider]),
  });
}

test("a sample is in the voice's first language, and made once", async () => {
  const asked: SpeechRequest[] = [];
  const previews = babel(asked);

  for (const name of ["anna", "amy", "tomi", "anna"]) await previews.sample(`babel:${name}`);

  expect(asked.map(({ language }) => language)).toEqual(["de", "en", "fi"]);
  expect(asked[0]?.text).toMatch(/^Alle Menschen sind frei/);
  expect(asked[1]?.text).toMatch(/^When the sunlight/);
  expect(asked[2]?.text).toBe(asked[1]?.text);
});

test("one's own words are previewed in the voice's first language", async () => {
  const asked: SpeechRequest[] = [];
  await app.given.user("ada");
  const say = (text?: string) =>
    babel(asked).preview(ownerOf("ada"), { voice: "babel:anna", ...(text ? { text } : {}) });

  await say("Guten Morgen!");
  await say();

  expect(asked.map(({ language, text }) => [language, text])).toEqual([
    ["de", "Guten Morgen!"],
    ["de", expect.stringMatching(/^Alle Menschen/)],
  ]);
});
