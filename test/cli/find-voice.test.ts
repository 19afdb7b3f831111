import { findVoice } from "../../src/cli/own-voice.js";

const CATALOGUE = [
  { id: "flite:slt", displayName: "Sally" },
  { id: "flite:slt-deep", displayName: "Selma" },
  { id: "flite:rms", displayName: "Robert" },
  { id: "account:rms", displayName: "Rachel" },
];
const MINE = { id: "flite:own-1", displayName: "Robert", unavailable: null };
const SILENT = { id: "flite:own-2", displayName: "Sally", unavailable: "untrained" as const };
const find = (voice: string) => findVoice(voice, CATALOGUE, [MINE, SILENT]);

test.each([
  ["Sally", "flite:slt"],
  ["sELMA", "flite:slt-deep"],
  ["FLITE:SLT", "flite:slt"],
  ["slt-deep", "flite:slt-deep"],
  ["mine", "flite:own-1"],
  ["own-1", "flite:own-1"],
])("%s is the voice %s", (voice, id) => {
  expect(find(voice)).toBe(id);
});

test("all voices with a name are listed, because a person must choose", () => {
  expect(() => find("robert")).toThrow(
    "Several voices are called robert; choose one by its id: Robert (flite:rms), Robert (flite:own-1).",
  );
  expect(() => find("rms")).toThrow(
    "Several voices are called rms; choose one by its id: Robert (flite:rms), Rachel (account:rms).",
  );
});

test("a voice of one's own that cannot speak is found only if no other has its name", () => {
  expect(find("Sally")).toBe("flite:slt");
  expect(() => find("own-2")).toThrow("Your voice “Sally” is not trained; train it first");
});

test("an unknown voice is refused with the nearest and with all", () => {
  expect(() => find("Rachl")).toThrow(
    "There is no voice Rachl. Do you mean Rachel (account:rms)? Choose one of Sally (flite:slt), ",
  );
  expect(() => findVoice("mine", CATALOGUE, [])).toThrow("You have no voice of your own");
});
