import { NEUTRAL_PROSODY } from "../../../../src/audio/delivery/resolved-prosody.js";
import type {
  PersonalVoice,
  TrainedEmotion,
} from "../../../../src/instances/personal-voice/personal-voice.js";
import { choosePersonalSpeaker } from "../../../../src/instances/rendering/plan/personal-speaker.js";

const DELTAS = { pitch: 4, range: 1.2, rate: 0.9, gain: -3, tilt: 1 };

const voice = (emotions: Readonly<Record<string, TrainedEmotion>> = {}): PersonalVoice => ({
  ...{ id: "flite:own-1", rowId: "1", provider: "flite", kind: "adapted", displayName: "Ada" },
  ...{ language: "en", unavailable: null, neutral: { revision: 2, model: "neutral-model" } },
  emotions: new Map(Object.entries(emotions)),
});

const joy = { emotion: "joy", intensity: 1 };

test("the neutral model speaks an emotion without samples as the table says", () => {
  expect(choosePersonalSpeaker(voice(), joy)).toEqual({
    personal: { revision: "2", model: "neutral-model" },
    own: {},
  });
});

test("the owner's measured delivery replaces the numbers of the table", () => {
  const sampled = voice({ joy: { revision: null, model: null, deltas: DELTAS } });

  expect(choosePersonalSpeaker(sampled, joy)).toEqual({
    personal: { revision: "2", model: "neutral-model" },
    own: DELTAS,
  });
});

test("a new training of an emotion makes only the segments of this emotion stale", () => {
  const trained = voice({ joy: { revision: 3, model: null, deltas: DELTAS } });

  expect(choosePersonalSpeaker(trained, joy)?.personal.revision).toBe("2.3");
  expect(choosePersonalSpeaker(trained, { emotion: "fear", intensity: 1 })?.personal.revision).toBe(
    "2",
  );
  expect(choosePersonalSpeaker(trained, { ...joy, intensity: 0 })?.personal.revision).toBe("2");
});

test("a clone of the emotion speaks with its own delivery, and keeps loudness and pauses", () => {
  const cloned = voice({ joy: { revision: 5, model: "joy-clone", deltas: null } });

  expect(choosePersonalSpeaker(cloned, joy)).toEqual({
    personal: { revision: "5", model: "joy-clone" },
    own: { ...NEUTRAL_PROSODY, gain: 3, pauses: 0.9 },
  });
});

test("a whisper keeps the engine's spectrum and has no melody of its own", () => {
  const whispering = voice({ whisper: { revision: 1, model: null, deltas: DELTAS } });

  const speaker = choosePersonalSpeaker(whispering, { emotion: "whisper", intensity: 1 });

  expect(speaker?.own).toEqual({ rate: 0.9, gain: -3 });
});

test("a voice that cannot speak gives no speaker", () => {
  const suspended: PersonalVoice = { ...voice(), neutral: null, unavailable: "no_consent" };

  expect(choosePersonalSpeaker(suspended, joy)).toBeNull();
});
