import fc from "fast-check";
import {
  type GlobalIdType,
  decodeGlobalId,
  fromGlobalId,
  toGlobalId,
} from "../../../src/graphql/relay/global-id.js";
import { GlobalIds } from "../../../src/graphql/relay/global-ids.js";
import { useIdKey } from "../../../src/graphql/relay/id-key.js";
import { InvalidInputError } from "../../../src/platform/errors.js";
import { blockEncryption, keyFor } from "../../../src/platform/ids/seal.js";
import { testIdKey } from "../../support/id-key.js";

useIdKey(testIdKey({ ReferenceStory: 20, UserStoryNarration: 9 }));

const SAMPLES: readonly (readonly [GlobalIdType, string])[] = [
  ["ReferenceStory", "2147483647"],
  ["StoryAnalysis", "1"],
  ["StoryCharacter", "7.mr-toad"],
  ["StorySegment", "7.0"],
  ["VoiceModulationTemplate", "3"],
  ["Voice", "flite:slt"],
  ["User", "2cc039af-131e-4e8a-9640-0d9554bec563"],
  ["UserStoryNarration", "9223372036854775807"],
  ["SharedNarration", "0".repeat(64)],
  ["NarrationSegment", "12.4"],
  ["UserVoiceSample", "5"],
  ["UserEmotionVoice", "6"],
  ["NarrationAudio", "12"],
  ["VoiceModifications", "12"],
  ["CastMember", "12.mr-toad"],
  ["EmotionModification", "12.joy"],
  ["CharacterModification", "12.mr-toad"],
  ["LexiconEntry", "12.Dr. Grey"],
];

test.each(SAMPLES)("encodes and decodes an id of a %s", (type, raw) => {
  expect(decodeGlobalId(toGlobalId(type, raw))).toEqual({ type, raw });
});

const block = (code: number, integer: bigint): Buffer => {
  const bytes = Buffer.alloc(16);
  bytes[0] = code;
  bytes.writeBigUInt64BE(integer, 8);
  return blockEncryption(keyFor(testIdKey().key, "id"))(bytes);
};
const plain = (text: string): string => Buffer.from(text, "latin1").toString("base64url");

test.each([
  ["an integer too large for its column", block(1, 2_147_483_648n)],
  ["a bigint too large for its column", block(6, 9_223_372_036_854_775_808n)],
  ["a code without a type", block(99, 1n)],
  ["an id with something behind it", Buffer.concat([block(1, 1n), Buffer.from("x")])],
  ["a pair without a rest", block(3, 1n)],
  ["a NUL character", Buffer.concat([block(3, 1n), Buffer.from("a\0b")])],
  ["bytes that are not UTF-8", Buffer.concat([block(3, 1n), Buffer.from([0xff])])],
  ["a part of an id", block(1, 1n).subarray(0, 15)],
  ["sixteen invented bytes", Buffer.from("sixteen invented")],
])("does not decode %s", (_what, bytes) => {
  expect(decodeGlobalId(bytes.toString("base64url"))).toBeNull();
});

test.each([
  ["leading zeros", plain("ReferenceStory:01")],
  ["a negative integer", plain("ReferenceStory:-1")],
  ["SQL", plain("ReferenceStory:1 OR 1=1")],
  ["text instead of a UUID", plain("User:ada")],
  ["a NUL character in a plain pair", plain("StoryCharacter:1.a\0b")],
  ["bytes that are not UTF-8 in a plain pair", plain("StoryCharacter:1.\xff")],
  ["an unknown type", plain("Account:1")],
  ["the name of a property that every object has", plain("constructor:1")],
  ["base64 padding", `${toGlobalId("StoryAnalysis", 1)}==`],
  ["an empty string", ""],
])("does not decode %s", (_what, id) => {
  expect(decodeGlobalId(id)).toBeNull();
});

test("an id of an earlier version, which shows its integer, works up to the last one given out", () => {
  expect(decodeGlobalId(plain("ReferenceStory:20"))).toEqual({ type: "ReferenceStory", raw: "20" });
  expect(decodeGlobalId(plain("NarrationSegment:9.400"))).toEqual({
    type: "NarrationSegment",
    raw: "9.400",
  });
  expect(decodeGlobalId(plain("ReferenceStory:21"))).toBeNull();
  expect(decodeGlobalId(plain("NarrationSegment:10.0"))).toBeNull();
  expect(decodeGlobalId(plain("Upload:1"))).toBeNull();
});

test("ids of integers show neither the type, the integer nor its size, and are equal for equal rows", () => {
  const ids = ["1", "2", "999999999", "9223372036854775807"].map((raw) =>
    toGlobalId("UserStoryNarration", raw),
  );

  expect(new Set(ids.map((id) => id.length))).toEqual(new Set([22]));
  expect(new Set(ids.map((id) => id.slice(0, 4))).size).toBe(4);
  expect(toGlobalId("UserStoryNarration", 1)).toBe(ids[0]);
  for (const id of ids)
    expect(Buffer.from(id, "base64url").toString()).not.toMatch(/Narration|999/);
});

test("another database has other ids for the same rows", () => {
  const others = new GlobalIds({ key: Buffer.alloc(32, "another key"), lastPlain: {} });
  const id = toGlobalId("ReferenceStory", 12);

  expect(others.encode("ReferenceStory", 12)).not.toBe(id);
  expect(others.decode(id)).toBeNull();
});

test("every id has exactly one spelling", () => {
  const id = toGlobalId("ReferenceStory", 12);

  fc.assert(
    fc.property(
      fc.nat(id.length - 1),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      (at, character) => {
        const changed = id.slice(0, at) + character + id.slice(at + 1);
        const decoded = decodeGlobalId(changed);
        return changed === id || decoded?.type !== "ReferenceStory" || decoded.raw !== "12";
      },
    ),
  );
});

test("an id of another type is refused with the type sent and the type expected", () => {
  const id = toGlobalId("ReferenceStory", 12);

  expect(() => fromGlobalId(id, "UserStoryNarration", ["id"])).toThrow(
    new InvalidInputError(
      "id is the id of a ReferenceStory. Send the id of a UserStoryNarration.",
      ["id"],
    ),
  );
});

test("the article fits the type", () => {
  expect(() => fromGlobalId("x", "Upload", ["uploadId"])).toThrow("Send the id of an Upload.");
});

test("text that is not an id is refused with the name of its field", () => {
  expect(() => fromGlobalId("x", "Voice", ["cast", "voice"])).toThrow(
    "cast.voice is not an id of this server. Send the id of a Voice.",
  );
});
