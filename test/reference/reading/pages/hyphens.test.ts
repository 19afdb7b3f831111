import { readText } from "../../../../src/reference/reading/reading.js";

const storyOf = (text: string): string => readText(text).clear.text;

test.each([
  ["He came up the street, whis-\ntling softly.", "He came up the street, whistling softly."],
  ["beneath the con-\n  stable's window", "beneath the constable's window"],
  ["a for‐\ngetful man", "a forgetful man"],
  ["the lad¬\nder again", "the ladder again"],
  ["THE LAMP-\nLIGHTER", "THE LAMPLIGHTER"],
  ["It was only a whis-\n\nper in the dark.", "It was only a whisper in the dark."],
])("the word that a line's end cuts in %j is one word", (text, story) => {
  expect(storyOf(text)).toBe(story);
});

test.each([
  ["a man well-\nknown here", "a man well-known here"],
  ["his mother-\nin-law", "his mother-in-law"],
  ["his mother-in-\nlaw came", "his mother-in-law came"],
  ["at twenty-\none he left", "at twenty-one he left"],
  ["two-\nthirds of it", "two-thirds of it"],
  ["a ten-\nyear-old boy", "a ten-year-old boy"],
  ["a kind-\nhearted man", "a kind-hearted man"],
  ["her great-\ngrandmother", "her great-grandmother"],
  ["in self-\ndefence", "in self-defence"],
  ["the Anglo-\nSaxon king", "the Anglo-Saxon king"],
  ["they co-\noperate", "they co-operate"],
  ["“B-\nbut why?”", "“B-but why?”"],
  ["the war of 1914-\n18", "the war of 1914-18"],
])("the compound in %j keeps its hyphen", (text, story) => {
  expect(storyOf(text)).toBe(story);
});

test.each([
  "in the pre-\nand postwar years",
  "the first-\nor second-class carriages",
  "She went out--\nand came back.",
  "He was - \nand is - a fool.",
  "“I will not go-\n\n“You will.”",
  "a 12-\nstorey house",
])("nothing is left out of %j", (text) => {
  expect(storyOf(text)).toBe(text);
});

test("the form in the rest of the text decides about a hyphen", () => {
  expect(storyOf("To-day it rained. But to-\nday it snows.")).toBe(
    "To-day it rained. But to-day it snows.",
  );
  expect(storyOf("The wellspring rose. It was a well-\nspring.")).toBe(
    "The wellspring rose. It was a wellspring.",
  );
  expect(storyOf("The harbour-master's hat. The harbour-\nmaster wept.")).toBe(
    "The harbour-master's hat. The harbour-master wept.",
  );
});
