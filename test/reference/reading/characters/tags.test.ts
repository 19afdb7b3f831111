import { findTags } from "../../../../src/reference/reading/characters/tags.js";
import { ApparatusKind } from "../../../../src/reference/reading/span.js";
import { readsAs } from "./reads-as.js";

test.each([
  ["tags around words", "The <i>Heron</i> lay <b>still</b>.", "The Heron lay still."],
  ["tags with attributes", `<span class="x" id='y'>Ada</span> ran.`, "Ada ran."],
  ["tags in capitals", "<I>Well</I>", "Well"],
  ["a tag inside a word", "<b>Q</b>uite", "Quite"],
  ["the end of a line", "One<br/>two<BR>\nthree", "One\ntwo\nthree"],
  ["the end of a paragraph", "<p>One.</p>\n<p>Two.</p>", "\n\nOne.\n\n\nTwo.\n\n"],
  ["two paragraphs without a space", "One.</p><p class=a>Two.", "One.\n\nTwo."],
  ["a comment", "One <!-- <b>note</b> > --> two", "One  two"],
  ["a document type", '<!DOCTYPE html><?xml version="1.0"?>One', "One"],
  ["scripts and styles", "A<script src=x>if (a<b) c();</script><style>p {}</style >B", "AB"],
  ["marks of the q element", "<q>Yes</q>, said Ada.", "“Yes”, said Ada."],
  ["cells of a table", "<td>one</td><td>two</td>", " one  two "],
  ["the number of a footnote", 'the gate.<sup class="n">12</sup> Then', "the gate.¹² Then"],
  ["a number that is no footnote", "E = mc<sup>2</sup>, the 3<sup>rd</sup>", "E = mc2, the 3rd"],
])("%s", (_, text, read) => {
  expect(readsAs(text, findTags)).toBe(read);
});

test.each([
  "a < b > c",
  "a <b and c> d",
  "I <3 you",
  "1 << 2 >> 3",
  "<he said>",
  "<Mark> Hello. <time> is a blank to fill",
  "<script> is a word here, and the story goes on",
  "<!-- never closed",
  "< i >",
  "<",
])("%s has no tag", (text) => {
  expect(findTags(text)).toEqual([]);
});

test("a rule between two paragraphs is a scene break", () => {
  const text = "One.<hr />Two.";

  expect(findTags(text)).toEqual([
    { kind: ApparatusKind.SceneBreak, start: 4, end: 10, said: "\n\n" },
  ]);
});
