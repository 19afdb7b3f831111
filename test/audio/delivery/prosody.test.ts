import fc from "fast-check";
import { isClimax, pauseAfter } from "../../../src/audio/delivery/pauses.js";
import { resolveProsody } from "../../../src/audio/delivery/prosody.js";
import { NEUTRAL_PROSODY } from "../../../src/audio/delivery/resolved-prosody.js";

test("an emotion is neutral at intensity 0 and has the table's values at 1", () => {
  expect(resolveProsody({ emotion: "joy", intensity: 0 })).toEqual(NEUTRAL_PROSODY);
  expect(resolveProsody({ emotion: "neutral", intensity: 1 })).toEqual(NEUTRAL_PROSODY);
  expect(resolveProsody({ emotion: "joy", intensity: 1 })).toMatchObject({
    ...{ pitch: 3, range: 1.6, rate: 1.12, gain: 3, pauses: 0.9 },
  });
});

test("between intensity 0 and 1, factors scale geometrically and semitones linearly", () => {
  const { pitch, rate, range } = resolveProsody({ emotion: "sadness", intensity: 0.5 });

  expect(pitch).toBe(-1);
  expect(rate).toBeCloseTo(Math.sqrt(0.8), 4);
  expect(range).toBeCloseTo(Math.sqrt(0.6), 4);
});

test("the rise at the end of a surprise grows with its intensity", () => {
  const riseAt = (intensity: number) => resolveProsody({ emotion: "surprise", intensity }).rise;

  expect([0, 0.5, 1].map(riseAt)).toEqual([0, 3, 6]);
});

test("an emotion outside the table uses its dimensions, and is neutral without dimensions", () => {
  const emotion = { emotion: "triumph", intensity: 1 };
  const dimensions = { activation: 0.8, evaluation: 0.5, power: 0.2 };

  expect(resolveProsody(emotion)).toEqual(NEUTRAL_PROSODY);
  expect(resolveProsody({ ...emotion, dimensions })).toMatchObject({
    pitch: Number((12 * Math.log2(1.27)).toFixed(4)),
    range: 1.8,
    rate: 1.5,
    gain: Number((20 * Math.log10(76.4 / 50)).toFixed(4)),
  });
});

test("manners are added to the emotion, and unknown manners change nothing", () => {
  const manners = [
    { key: "whisper", strength: 1 },
    { key: "somersault", strength: 1 },
  ];

  expect(resolveProsody({ emotion: "fear", intensity: 1, manners })).toMatchObject({
    ...{ pitch: 4, gain: -6, tremor: 0.6, isWhispered: true },
  });
});

test("the changes of narration, character and segment multiply factors and add semitones", () => {
  const changes = [{ rate: 1.2, pitch: 1, pauses: null }, { rate: 0.5, gain: -3 }, { pitch: 2 }];

  expect(resolveProsody({ emotion: "neutral", intensity: 0, changes })).toEqual({
    ...NEUTRAL_PROSODY,
    ...{ rate: 0.6, pitch: 3, gain: -3 },
  });
});

test("the prosody stays within its bounds for any changes", () => {
  const change = fc.record({
    rate: fc.double({ min: 0.5, max: 2, noNaN: true }),
    pitch: fc.double({ min: -12, max: 12, noNaN: true }),
    range: fc.double({ min: 0, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const { rate, pitch, range } = resolveProsody({ emotion: "anger", intensity: 1, changes });
      expect(rate >= 0.4 && rate <= 2.5).toBe(true);
      expect(pitch >= -18 && pitch <= 18).toBe(true);
      expect(range >= 0 && range <= 4).toBe(true);
    }),
  );
});

describe("pauses", () => {
  const juncture = {
    ending: null,
    changesSpeaker: false,
    isBeforeClimax: false,
    pauses: 1,
  };
  const after = (text: string, more = {}) => pauseAfter({ ...juncture, text, ...more });

  test("are longer after stronger punctuation, a paragraph or a change of speaker", () => {
    const pauses = ["he said", "he said,", "he said;", "he said.", "he said…"].map((text) =>
      after(text),
    );

    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    expect(new Set(pauses).size).toBe(5);
    expect(after("“Go!” ")).toBe(after("Go!"));
    expect(after("He left.", { ending: "paragraph" })).toBeGreaterThan(after("He left."));
    expect(after("He left.", { changesSpeaker: true })).toBeGreaterThan(after("He left."));
  });

  test("grow from a line of verse to a paragraph, a scene and a chapter, whatever sign is before", () => {
    const endings = [null, "line", "paragraph", "scene", "chapter"] as const;
    const pauses = endings.map((ending) => after("the river", { ending }));

    expect(pauses).toEqual([120, 300, 800, 1600, 2000]);
    expect(after("the river.", { ending: "line" })).toBe(after("the river."));
  });

  test("last one second at the climax of full suspense, and relief is not a climax", () => {
    const suspense = { emotion: "suspense", intensity: 0.6 };
    const { pauses } = resolveProsody({ emotion: "suspense", intensity: 1 });

    expect(isClimax(suspense, { emotion: "fear", intensity: 0.8 })).toBe(true);
    expect(isClimax(suspense, { emotion: "suspense", intensity: 1 })).toBe(true);
    expect(isClimax(suspense, { emotion: "suspense", intensity: 0.7 })).toBe(false);
    expect(isClimax(suspense, { emotion: "joy", intensity: 0.1 })).toBe(false);
    expect(isClimax(suspense, { emotion: "calm", intensity: 1 })).toBe(false);
    expect(isClimax({ ...suspense, emotion: "joy" }, { emotion: "fear", intensity: 1 })).toBe(
      false,
    );
    expect(after("The door opened.", { isBeforeClimax: true, pauses })).toBe(1000);
    expect(after("The door opened.", { isBeforeClimax: true, pauses: 0 })).toBe(0);
  });

  test("are multiplied by the prosody's factor, down to 0", () => {
    expect(after("He left.", { pauses: 2 })).toBe(after("He left.") * 2);
    expect(after("He left.", { pauses: 0 })).toBe(0);
  });
});
