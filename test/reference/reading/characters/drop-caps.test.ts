import { findDropCaps } from "../../../../src/reference/reading/characters/drop-caps.js";
import { findTags } from "../../../../src/reference/reading/characters/tags.js";
import { readsAs } from "./reads-as.js";

test.each([
  ["T HE night was cold.", "THE night was cold."],
  ["One.\n\nT HE night", "One.\n\nTHE night"],
  ["T he night was cold.", "The night was cold."],
  ["T\nHE night was cold.", "THE night was cold."],
  ["T\n\nHE night was cold.", "THE night was cold."],
  ["“I T was late,” he said.", "“IT was late,” he said."],
  ["I N the morning it rained.", "IN the morning it rained."],
  ["O NCE upon a time", "ONCE upon a time"],
  ["A LINE was late. Nobody saw Aline.", "ALINE was late. Nobody saw Aline."],
  ["M ARLOW was late.", "MARLOW was late."],
  ["[T]he night, and [t]he day", "The night, and the day"],
  ["[T]HE night", "THE night"],
])("%s is read as %s", (text, read) => {
  expect(readsAs(text, findDropCaps)).toBe(read);
});

test("a tag can stand between the letter and the word", () => {
  expect(readsAs("<b>T</b><br>he night", findTags, findDropCaps)).toBe("The night");
});

test.each([
  "A MAN came in.",
  "I WAS late. It was dark.",
  "I was late.",
  "O CAPTAIN of the ferry",
  "A cross stood there. They went across.",
  "He came to T HE night",
  "X marks the place",
  "Q looked up",
  "J Hale came in.",
  "M HALE came in, and nobody spoke to Hale.",
  "I\n\nThe night was cold.",
  "V\n\nNobody came.",
  "A\nB\nC",
  "word[a]note and note[b]",
  "[Enter ADA]",
  "[1]The",
])("%s stays", (text) => {
  expect(findDropCaps(text)).toEqual([]);
});
