import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import "../../../support/same-texts.js";

/** First paragraphs of memoirs and essays that begin like a page of rights. */
const OPENINGS: readonly string[] = [
  "Published in May 1999, the book was a great success, and nobody remembers it today.",
  "Printed in London, bound in Wick, and read by nobody: such was the fate of my book.",
  "First edition or not, he wanted it.",
  "No part of this book may be true, my aunt said of my diary, and burned it.",
  "I was born in Wick. All rights reserved, my father used to say when he took the last potato.",
  "Printed by Hand was the name of the shop where we bought our caps.",
  "Copyright 1904 was what I wrote on the wall. Then I slept.",
  "Names, characters and lies: that was all my uncle had.",
  "For information he went to the station.",
  "Edited for years by Tom, the paper died.",
  "Reprinted on my heart in 2001 it will stay.",
];
const IMPRINT = "Copyright © 2019 Nell Ardent. All rights reserved.";
const STORY =
  "The ferry left at dawn, and the people on the quay looked after it for as long as they could.";

const lettersOf = (text: string): string =>
  readText(text).clear.text.replace(/[^\p{L}\p{N}]/gu, "");

test.each(OPENINGS)("%j is heard as the first paragraph of a memoir", (opening) => {
  const memoir = `My Book\n\n${opening}\n\n${STORY}`;

  expect(readText(memoir).spans).toEqual([]);
});

test("the openings are heard one after the other, also after an imprint", () => {
  const openings = OPENINGS.join("\n\n");

  expect(lettersOf(`My Book\n\n${openings}\n\n${STORY}`)).toBe(
    `My Book${openings}${STORY}`.replace(/[^\p{L}\p{N}]/gu, ""),
  );
  expect(lettersOf(`My Book\n\n${IMPRINT}\n\n${openings}\n\n${STORY}`)).toBe(
    `My Book${openings}${STORY}`.replace(/[^\p{L}\p{N}]/gu, ""),
  );
});

/** The first words of imprints, as a sentence of a memoir can begin. */
const phrase = fc.constantFrom(
  "Published in May 1999",
  "Printed in London",
  "First edition or not",
  "No part of this book may be true",
  "All rights reserved",
  "Printed by Hand",
  "Copyright 1904",
  "Names, characters and lies",
  "For information about Wick",
  "Edited for years by Tom",
  "Reprinted in 2001",
  "ISBN or not",
  "Any resemblance to Tom",
  "This is a work of fiction",
);
const pronoun = fc.constantFrom("I", "he", "she", "we", "my aunt", "his dog", "her cat", "our cow");
const verb = fc.constantFrom(
  "said",
  "was",
  "wrote",
  "burned",
  "went",
  "slept",
  "remembered",
  "kept",
);
const joint = fc.constantFrom(", ", " ", ": ", ". Then ");
const end = fc.constantFrom(
  ".",
  "?",
  "",
  " for the Wick Press.",
  " in 1904.",
  ". All rights reserved.",
);
const opening = fc
  .tuple(phrase, joint, pronoun, verb, end)
  .map(([phrase, joint, pronoun, verb, end]) => `${phrase}${joint}${pronoun} ${verb} it${end}`);

test("of a memoir that begins like an imprint no word is lost", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(opening, fc.constantFrom(...OPENINGS)), { minLength: 1, maxLength: 9 }),
      fc.constantFrom("My Book", `My Book\n\n${IMPRINT}`),
      (openings, title) => {
        const story = ["My Book", ...openings, STORY].join("").replace(/[^\p{L}\p{N}]/gu, "");

        expect(lettersOf([title, ...openings, STORY].join("\n\n"))).toBe(story);
      },
    ),
    { numRuns: 200 },
  );
});

test.each([
  "Printed in Gold over the door was her name.",
  "Printed in Gold.",
  "[The end of the world came on a Tuesday.]",
])("the last line %j of a story is heard", (line) => {
  expect(readText(`${STORY}\n\n${STORY}\n\n${line}`).spans).toEqual([]);
});

test.each([
  "Printed in Great Britain by R. & R. Hartley, Ltd.",
  "[End of Project Gutenberg's Ferry]",
])("the last line %j of a book is silent", (line) => {
  expect(readText(`${STORY}\n\n${STORY}\n\n${line}`).clear.text.trim()).toBe(
    `${STORY}\n\n${STORY}`,
  );
});

test("a story in an electronic book can begin like its header", () => {
  const header = [
    "The Project Gutenberg EBook of My Book, by Nell Ardent",
    "Title: My Book",
    "Author: Nell Ardent",
    "Release Date: May 3, 2004",
  ];
  const story = ["Title: a word he hated.", "Author: that was what she called herself.", STORY];

  expect(lettersOf([...header, ...story].join("\n\n"))).toBe(
    story.join("").replace(/[^\p{L}\p{N}]/gu, ""),
  );
});
