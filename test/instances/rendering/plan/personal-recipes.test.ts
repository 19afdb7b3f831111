import type { PersonalVoice } from "../../../../src/instances/personal-voice/personal-voice.js";
import {
  type PlanContext,
  type ScriptLine,
  planSegments,
} from "../../../../src/instances/rendering/plan/plan.js";
import { SpeechDirectory } from "../../../../src/instances/rendering/speech-directory.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";

const speech = new SpeechDirectory([
  fliteSpeech(() => Promise.reject(new Error("Planning speaks nothing."))),
]);

const OWN = "flite:own-AAAAAAAAAAAAAAAAAAAAAA";

const voice = (about: Partial<PersonalVoice> = {}): PersonalVoice => ({
  ...{ id: OWN, rowId: "1", provider: "flite", kind: "adapted", displayName: "Zoë 声" },
  ...{ language: "en", unavailable: null, neutral: { revision: 1, model: "owned/ada/1" } },
  emotions: new Map(),
  ...about,
});

const LINE: ScriptLine = {
  ...{ position: 0, kind: "narration", text: "The river is high.", speakerId: null },
  ...{ emotion: "neutral", intensity: 0, voice: null, prosody: null, modulations: [] },
  ...{ pauseAfterMs: null, paragraph: 0, storyStart: 0, storyEnd: 18, isReferenceText: true },
  ...{ breakAfter: null, apparatus: [], recipeKey: null, spokenEdits: null },
};

const context = (own: PersonalVoice, narratorVoice = OWN, language = "en"): PlanContext => ({
  narration: { title: "Floods", narratorVoice, voiceCast: [], voiceModifications: {} },
  ...{ language, speakerNames: new Map(), speech: speech.withPersonal([own]), chapters: [] },
});

const plan = (own: PersonalVoice, narratorVoice?: string) =>
  [...planSegments([LINE], context(own, narratorVoice))][0];

test("the story's own text in a personal voice is never shared", () => {
  expect(plan(voice())?.isShared).toBe(false);
  expect(plan(voice(), "flite:slt")?.isShared).toBe(true);
});

test("a recipe in a catalogue voice keeps the key that it has had", () => {
  expect(plan(voice(), "flite:slt")?.recipeKey).toBe(
    "069deb54da78bbf68fca346eb7f3c9db9ae9c0fd8266a14457dba59303a7d187",
  );
});

test("a new training and another model change the recipe", () => {
  const before = plan(voice())?.recipeKey;
  const again = voice({ neutral: { revision: 2, model: "owned/ada/1" } });
  const other = voice({ neutral: { revision: 1, model: "owned/ada/2" } });

  expect(plan(voice())?.recipeKey).toBe(before);
  expect(plan(again)?.recipeKey).not.toBe(before);
  expect(plan(other)?.recipeKey).not.toBe(before);
});

test("a line in an emotion is spoken as its owner delivers the emotion", () => {
  const deltas = { pitch: 4, range: 1.2, rate: 0.9, gain: -3, tilt: 1 };
  const own = voice({ emotions: new Map([["joy", { revision: null, model: null, deltas }]]) });
  const joy: ScriptLine = { ...LINE, emotion: "joy", intensity: 1 };

  const [segment] = planSegments([joy], context(own));

  expect(segment?.prosody).toMatchObject(deltas);
  expect(segment?.recipe.request.prosody).toMatchObject({
    pitch: 4,
    range: 1.2,
    rate: 0.9,
    tilt: 1,
  });
});

test("a story in a language that the voice does not speak is refused by the voice's name", () => {
  expect(() => [...planSegments([LINE], context(voice(), OWN, "cs"))]).toThrow(
    '“Floods” is in the language "cs". The voice “Zoë 声” of segment 0 does not speak this language',
  );
});

test("a voice that was deleted is refused without the id of the voice", () => {
  const gone = () => [...planSegments([LINE], { ...context(voice()), speech })];

  expect(gone).toThrow("has a personal voice that was deleted");
  expect(gone).not.toThrow(OWN);
});

test.each([
  ["no_consent", "your consent has ended; agree again with grantVoiceConsent"],
  ["untrained", "train its neutral voice with trainEmotionVoice"],
] as const)("a voice that cannot speak (%s) is refused with what to do", (unavailable, advice) => {
  const mute = voice({ unavailable, neutral: null });

  expect(() => plan(mute)).toThrow(advice);
});
