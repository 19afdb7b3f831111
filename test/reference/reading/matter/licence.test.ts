import { readText } from "../../../../src/reference/reading/reading.js";

const STORY = "The ferry left at dawn.\n\nNobody waved.";
const LICENCE =
  "You may pass this text on if you obey the terms of the full Project Gutenberg licence.";

/** Returns the lines with ink that are left of a text. */
const readIn = (text: string): string =>
  readText(text)
    .clear.text.split("\n")
    .filter((line) => line.trim() !== "")
    .join("|");
const STORY_READ = "The ferry left at dawn.|Nobody waved.";

const HEADER = [
  "The Project Gutenberg eBook of The Ferry",
  "",
  "This ebook is for the use of anyone anywhere, at no cost.",
  "",
  "Title: The Ferry",
  "",
  "Author: Nell Ardent",
  "",
  "Language: English",
].join("\n");
const OLD_HEADER = [
  "**The Project Gutenberg Etext of The Ferry, by Nell Ardent**",
  "",
  "Copyright laws are changing all over the world, be sure to check them.",
  "",
  "**Etexts Readable By Both Humans and By Computers**",
  "",
  "*****This file should be named ferry10.txt or ferry10.zip*****",
  "",
  "We produce about two million dollars for each hour we work.",
  "",
  "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***",
  "Why is this statement here? You know: lawyers.",
].join("\n");

test.each([
  ["today's markers", HEADER, "*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY ***"],
  ["the markers of 2010", HEADER, "*** START OF THIS PROJECT GUTENBERG EBOOK THE FERRY ***"],
  ["a marker without a space", HEADER, "***START OF THE PROJECT GUTENBERG EBOOK THE FERRY***"],
  [
    "a marker on two lines",
    HEADER,
    "*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY,\nOR, A CROSSING ***",
  ],
  ["a marker without stars", HEADER, "START OF THE PROJECT GUTENBERG EBOOK THE FERRY"],
  [
    "a header of two lines",
    "Title: The Ferry\nAuthor: Nell",
    "*** START OF THE PROJECT GUTENBERG EBOOK ***",
  ],
  ["no header", "", "*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY ***"],
  [
    "the small print of 1993",
    OLD_HEADER,
    "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*",
  ],
  [
    "the small print of 2002",
    OLD_HEADER,
    "*END THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*",
  ],
])("a licence with %s is silent before the book", (_name, header, marker) => {
  expect(readIn(`${header}\n\n${marker}\n\n\n${STORY}`)).toBe(STORY_READ);
});

test.each([
  ["today's marker", "*** END OF THE PROJECT GUTENBERG EBOOK THE FERRY ***"],
  ["the marker of 2010", "*** END OF THIS PROJECT GUTENBERG EBOOK THE FERRY ***"],
  ["a marker on two lines", "*** END OF THE PROJECT GUTENBERG EBOOK THE\nFERRY ***"],
  ["a line in words", "End of the Project Gutenberg EBook of The Ferry, by Nell Ardent"],
  ["a line with the title", "End of Project Gutenberg's The Ferry, by Nell Ardent"],
  ["a line of 1994", "End of this Project Gutenberg Etext of The Ferry"],
  ["the first words of the licence", "Updated editions will replace the previous one."],
  ["the name of the licence", "*** START: FULL LICENSE ***"],
])("a licence with %s is silent after the book", (_name, marker) => {
  expect(readIn(`${STORY}\n\n${marker}\n\n${LICENCE}\n\n1.A. By using it you agree.`)).toBe(
    STORY_READ,
  );
});

test("small print at the end of a file is silent", () => {
  const text = [
    "*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY ***",
    STORY,
    "*** END OF THE PROJECT GUTENBERG EBOOK THE FERRY ***",
    "This file should be named ferry10.txt or ferry10.zip",
    "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN EBOOKS**START***",
    "Why is this statement here?",
    "*END THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*",
  ];

  expect(readIn(text.join("\n\n"))).toBe(STORY_READ);
});

test("two books in one file both lose their licences", () => {
  const end = "*** END OF THE PROJECT GUTENBERG EBOOK THE FERRY ***";
  const start = "*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY ***";
  const book = [HEADER, start, STORY, end, LICENCE].join("\n\n");

  expect(readIn(`${book}\n\n${book}`)).toBe(`${STORY_READ}|${STORY_READ}`);
});

test("a story that shows a marker loses only that line", () => {
  const marker = "*** END OF THE PROJECT GUTENBERG EBOOK THE FERRY ***";
  const start = "*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY ***";

  expect(readIn(`She read on:\n\n${marker}\n\nShe closed the book.`)).toBe(
    "She read on:|She closed the book.",
  );
  expect(readIn(`She read:\n\n${start}\n\nShe read on.`)).toBe("She read:|She read on.");
  expect(readIn(`She said ${marker.toLowerCase()} and left.`)).toMatch(/gutenberg/);
});
