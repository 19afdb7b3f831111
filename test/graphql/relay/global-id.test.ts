import fc from "fast-check";
import {
  type GlobalIdType,
  decodeGlobalId,
  fromGlobalId,
  toGlobalId,
} from "../../../src/graphql/relay/global-id.js";
import { InvalidInputError } from "../../../src/platform/errors.js";

const SAMPLES: readonly (readonly [GlobalIdType, string])[] = [
  ["ReferenceStory", "2147483647"],
  ["StoryAnalysis", "1"],
  ["StoryCharacter", "7.mr-toad"],
  ["StorySegment", "7.0"],
  ["VoiceModulationTemplate", "3"],
  ["Voice", "flite:slt"],
  ["User", "2cc039af-131e-4e8a-9640-0d9554bec563"],
  ["UserStoryNarration", "9223372036854775807"],
  ["NarrationSegment", "12.4"],
  ["UserVoiceSample", "5"],
  ["UserEmotionVoice", "6"],
];

test.each(SAMPLES)("encodes and decodes an id of a %s", (type, raw) => {
  expect(decodeGlobalId(toGlobalId(type, raw))).toEqual({ type, raw });
});

test.each([
  ["an integer too large for its column", toGlobalId("ReferenceStory", "2147483648")],
  ["a bigint too large for its column", toGlobalId("UserStoryNarration", "9223372036854775808")],
  ["a negative integer", toGlobalId("ReferenceStory", "-1")],
  ["leading zeros", toGlobalId("ReferenceStory", "01")],
  ["SQL", toGlobalId("ReferenceStory", "1 OR 1=1")],
  ["text instead of a UUID", toGlobalId("User", "ada")],
  ["a NUL character", toGlobalId("StoryCharacter", "1.a\0b")],
  [
    "bytes that are not UTF-8",
    Buffer.from("StoryCharacter:1.\xff", "latin1").toString("base64url"),
  ],
  ["an unknown type", Buffer.from("Account:1").toString("base64url")],
  [
    "the name of a property that every object has",
    Buffer.from("constructor:1").toString("base64url"),
  ],
  ["base64 padding", `${toGlobalId("StoryAnalysis", 1)}==`],
  ["an empty string", ""],
])("does not decode %s", (_what, id) => {
  expect(decodeGlobalId(id)).toBeNull();
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
