import { findJsonObject } from "../../../src/providers/llm/openai/json-answer.js";

const ANSWER = { quotes: [{ id: 1, speaker: "c2" }], gist: 'She said "}{".' };
const TEXT = JSON.stringify(ANSWER);

test.each([
  ["alone", TEXT],
  ["with space around", `\n  ${JSON.stringify(ANSWER, null, 2)}\n`],
  ["in a fence", `\`\`\`json\n${TEXT}\n\`\`\``],
  ["in prose", `Here is the answer {as you asked}: ${TEXT} I hope that "this" helps {really}.`],
  ["after thoughts", `<think>Maybe {"quotes": []}?</think>\n${TEXT}`],
  ["after thoughts without a start", `Maybe {"quotes": []}? </think> ${TEXT}`],
  ["before endless thoughts", `${TEXT}\n<think>Was {"a":1} better? Or`],
  ["repeated", `${TEXT}\n${TEXT}\n${TEXT}`],
  ["repeated until the end", `${TEXT}\n${TEXT}\n${TEXT.slice(0, 30)}`],
  ["in a list of one", `[${TEXT}]`],
])("an object %s is found", (_, content) => {
  expect(findJsonObject(content)).toEqual(ANSWER);
});

test("an object that contains the end of thoughts is found", () => {
  const answer = { gist: "</think>" };

  expect(findJsonObject(JSON.stringify(answer))).toEqual(answer);
});

test.each([
  ["nothing", ""],
  ["prose", "I cannot say who speaks."],
  ["a cut object, although whole objects are in it", TEXT.slice(0, -3)],
  ["two different objects", `${TEXT} or {"quotes":[]}`],
  ["a list", '[{"id":1},{"id":2}]'],
  ["null", "null"],
  ["thoughts that do not end", `<think>Maybe ${TEXT}`],
  ["many braces", "{".repeat(100_000)],
  ["deep braces", '{"a":'.repeat(100_000)],
  ["a whole object of many levels", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ["an object with a list of many levels", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
])("%s is no object", (_, content) => {
  expect(findJsonObject(content)).toBeUndefined();
});
