import fc from "fast-check";
import {
  type CastableCharacter,
  castVoices,
} from "../../../../src/instances/narration/voices/cast.js";
import { flite } from "../../../../src/providers/speech/flite/flite.js";
import type { CatalogueVoice } from "../../../../src/providers/speech/speech.port.js";

const VOICES = flite.listVoices();
const NARRATOR = VOICES[0]?.id ?? "";

const named = (id: string) => ({ id, displayName: id });

const character = (about: Partial<CastableCharacter> & { id: string }): CastableCharacter => ({
  canonicalName: about.id,
  role: "minor",
  gender: "unknown",
  ageGroup: "unknown",
  quoteCount: 1,
  ...about,
});

const cast = (
  characters: readonly CastableCharacter[],
  voices: readonly CatalogueVoice[] = VOICES,
) => castVoices({ characters, voices, narrator: named(NARRATOR), language: "en" });

const voiceOf = (id: string): CatalogueVoice | undefined => VOICES.find((voice) => voice.id === id);

const anyCharacters = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 8 }),
    canonicalName: fc.string({ minLength: 1 }),
    role: fc.constantFrom("narrator", "protagonist", "major", "minor"),
    gender: fc.constantFrom("female", "male", "neutral", "unknown"),
    ageGroup: fc.constantFrom("child", "young", "adult", "elder", "unknown"),
    quoteCount: fc.nat({ max: 9 }),
  }),
  { selector: ({ id }) => id, maxLength: 25 },
);

test("the same characters always get the same voices", () => {
  fc.assert(
    fc.property(anyCharacters, (characters) => {
      expect(cast(characters)).toEqual(cast(structuredClone(characters)));
    }),
  );
});

test("main characters do not share a voice while a voice is free", () => {
  const isMain = ({ role }: CastableCharacter) => role === "protagonist" || role === "major";
  fc.assert(
    fc.property(anyCharacters, (all) => {
      const mains = all.filter(isMain).slice(0, VOICES.length - 1);
      const minors = all.filter((one) => !isMain(one) && one.role !== "narrator");

      const voices = cast([...mains, ...minors])
        .filter(({ characterId }) => mains.some(({ id }) => id === characterId))
        .map(({ voice }) => voice);

      expect(new Set(voices).size).toBe(voices.length);
      expect(voices).not.toContain(NARRATOR);
    }),
  );
});

test("the cast contains the narrator and every character who speaks, and nobody else", () => {
  fc.assert(
    fc.property(anyCharacters, (characters) => {
      const speaking = characters.filter(
        ({ quoteCount, role }) => quoteCount > 0 || role === "narrator",
      );

      expect(cast(characters).map(({ characterId }) => characterId)).toEqual(
        speaking.map(({ id }) => id),
      );
    }),
  );
});

test("the narrator character has the narrator's voice", () => {
  const members = cast([
    character({ id: "i", role: "narrator", quoteCount: 0 }),
    character({ id: "ann", role: "protagonist", gender: "female" }),
  ]);

  expect(members[0]?.voice).toBe(NARRATOR);
  expect(members[1]?.voice).not.toBe(NARRATOR);
});

test("characters get voices of their gender and age", () => {
  const members = cast([
    character({ id: "girl", role: "major", gender: "female", ageGroup: "child" }),
    character({ id: "grandfather", role: "major", gender: "male", ageGroup: "elder" }),
    character({ id: "man", role: "major", gender: "male", ageGroup: "adult" }),
  ]);

  expect(members.map(({ voice }) => voiceOf(voice))).toMatchObject([
    { gender: "female", ageGroup: "child" },
    { gender: "male", ageGroup: "elder" },
    { gender: "male", ageGroup: "adult" },
  ]);
});

test("the narrator character has the narrator's own voice, and nobody else has it", () => {
  const narrator = { id: "flite:own-1", displayName: "Ada" };
  const characters = [
    character({ id: "n", role: "narrator" }),
    character({ id: "ann", gender: "female" }),
  ];

  const members = castVoices({ characters, voices: VOICES, narrator, language: "en" });

  expect(members[0]).toMatchObject({ voice: "flite:own-1", voiceName: "Ada", isAutomatic: true });
  expect(members[1]?.voice).not.toBe("flite:own-1");
});

test("only the narrator character has the narrator's voice", () => {
  fc.assert(
    fc.property(anyCharacters, (characters) => {
      const others = characters.filter(({ role }) => role !== "narrator");

      expect(cast(others).map(({ voice }) => voice)).not.toContain(NARRATOR);
    }),
  );
});

test("minor characters share a voice before they get a voice of another gender", () => {
  const women = Array.from({ length: 6 }, (_, n) => character({ id: `w${n}`, gender: "female" }));

  expect(cast(women).map(({ voice }) => voiceOf(voice)?.gender)).toEqual(
    Array<string>(6).fill("female"),
  );
});

test("the cast uses all voices if no voice speaks the language, and is empty without voices", () => {
  const call = { characters: [character({ id: "ann" })], narrator: named(NARRATOR) };

  expect(castVoices({ ...call, voices: VOICES, language: "cs" })).toHaveLength(1);
  expect(castVoices({ ...call, voices: [], language: "en" })).toEqual([]);
});
