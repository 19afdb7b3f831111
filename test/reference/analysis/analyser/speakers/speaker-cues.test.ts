import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

/** Reads a text with one line for each paragraph. Returns the speaker of each quote. */
function speakersOf(...lines: readonly string[]): readonly (string | null)[] {
  return analyseText(lines.join("\n\n"))
    .segments.filter(({ kind }) => kind === "dialogue")
    .map(({ speakerId }) => speakerId);
}

const MET = "Clara met Edmund and Agnes at the gate.";

test.each([
  ["“We could row,” put in Agnes.", "agnes"],
  ["“We could row?” was Agnes’s question.", "agnes"],
  ["“We could row!” came Agnes’s cheerful answer.", "agnes"],
  ["“Rowing again!” from Edmund.", "edmund"],
  ["“We could row,” flashed Agnes.", "agnes"],
  ["“We could row,” Agnes volleyed.", "agnes"],
  ["“We could row.” Agnes whispered.", "agnes"],
  ["“We could row,” cried the startled Agnes.", "agnes"],
  ["Agnes’s constant thought was: “We could row.”", "agnes"],
  ["Edmund’s only reply was, “Row!”", "edmund"],
])("a cue names the speaker: %s", (line, speaker) => {
  expect(speakersOf(MET, "“It is hot,” said Clara.", line)[1]).toBe(speaker);
});

test("the owner of a thought is a pronoun's character", () => {
  expect(speakersOf("Clara and Edmund were alone. Her constant thought was: “Go home.”")).toEqual([
    "clara",
  ]);
});

test("an action between two quotes belongs to who acts", () => {
  const lines = ["“Is there any soup?” Edmund lifted the lid."];

  expect(
    speakersOf(MET, ...lines, "“Not for you.” Agnes took the spoon. “It is for Clara.”"),
  ).toEqual(["edmund", "agnes", "agnes"]);
});

test.each([
  "Clara said to Agnes, “Do they know?”",
  "“Do they know?” asked Clara, turning to Agnes.",
])("the character to whom a cue turns speaks next: %s", (line) => {
  expect(speakersOf(MET, "Edmund looked at Edmund’s boat.", line, "“Not a word.”")).toEqual([
    "clara",
    "agnes",
  ]);
});

test("a possessive whose apostrophe was lost is not the speaker", () => {
  expect(speakersOf(MET, "“It is hot,” said Edmund s neighbour.")).not.toContain("edmund");
});
