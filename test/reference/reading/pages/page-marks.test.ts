import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import { chapters, type HeadingStyle, type PageStyle, writeBook } from "../generated-book.js";
import "../../../support/same-texts.js";

const storyOf = (text: string): string => readText(text).clear.text;
const inOneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

const FIRST = "The ferry was late again, and the two brothers sat down on the";
const SECOND = "wall beside the old crane to wait for the evening boat.";
const THIRD = "Nobody else had come. The light was going, and a cold wind blew from";
const FOURTH = "the north until the water was white.";

test.each([
  ["bare numbers", "12", "13"],
  ["numbers between dashes", "- 12 -", "- 13 -"],
  ["numbers between long dashes", "— 12 —", "— 13 —"],
  ["numbers in brackets", "[12]", "[13]"],
  ["numbers in braces", "{12}", "{13}"],
  ["marked numbers", "[Pg 12]", "[Pg 13]"],
  ["pages by name", "Page 12", "Page 13"],
  ["pages of a total", "Page 12 of 300", "Page 13 of 300"],
  ["short pages by name", "p. 12", "p. 13"],
  ["Roman numbers", "xii", "xiii"],
  ["numbers with a bar and a head", "12 | THE FERRY", "13 | THE FERRY"],
  ["numbers before a head", "12 THE FERRY", "13 THE FERRY"],
  ["numbers after a head", "The Ferry      12", "The Ferry      13"],
  ["numbers above a head", "12\n\nTHE FERRY", "13\n\nA LATE BOAT"],
  ["numbers below a head", "THE FERRY\n\n12", "THE FERRY\n\n13"],
  ["mixed forms with gaps", "12", "- 15 -"],
  ["form feeds", "\f", "\f"],
  ["form feeds with numbers", "12\n\f", "13\n\f"],
  ["form feeds with heads", "\fTHE FERRY 12", "\fTHE FERRY 13"],
  ["a head without numbers", "THE FERRY BOAT", "THE FERRY BOAT"],
])("a sentence goes on around %s", (_, first, second) => {
  const third = `${THIRD} ${"The gulls had gone to sleep. ".repeat(25)}It came from`;
  const text = `${FIRST}\n\n${first}\n\n${SECOND}\n\n${third}\n\n${second}\n\n${FOURTH}`;

  expect(storyOf(text)).toBe(`${FIRST} ${SECOND}\n\n${third} ${FOURTH}`);
});

test("a page break inside a word leaves one word", () => {
  const text = `${FIRST} whis-\n\n- 12 -\n\nTHE HOUSE\n\ntling wall.\n\n${THIRD} his mother-\n\n- 13 -\n\nin-law.`;

  expect(storyOf(text)).toBe(`${FIRST} whistling wall.\n\n${THIRD} his mother-in-law.`);
  expect(readText(text).spans.map(({ kind, said }) => [kind, said])).toEqual([
    ["page_break", ""],
    ["page_break", ""],
  ]);
});

test("page numbers without blank lines leave a paragraph whole", () => {
  const text = `${FIRST}\n12\n${SECOND}\n${THIRD}\n13\n${FOURTH}\n14\nThe boat came.`;

  expect(inOneLine(storyOf(text))).toBe(`${FIRST} ${SECOND} ${THIRD} ${FOURTH} The boat came.`);
  expect(storyOf(text)).not.toContain("\n\n");
});

test("page numbers and heads between paragraphs are silent", () => {
  const text = [
    "THE FERRY",
    `${FIRST} ${SECOND}`,
    "- 12 -",
    "THE FERRY",
    `${THIRD} ${FOURTH}`,
    "- 13 -",
    "THE FERRY",
    `${SECOND} ${FOURTH}`,
  ].join("\n\n");

  expect(inOneLine(storyOf(text))).toBe(
    `THE FERRY ${FIRST} ${SECOND} ${THIRD} ${FOURTH} ${SECOND} ${FOURTH}`,
  );
});

test.each([
  ["the wind [Pg 12] pulled", "the wind pulled"],
  ["the wind[Pg 12] pulled", "the wind pulled"],
  ["the wind [Pg 12]pulled", "the wind pulled"],
  ["the whis[Pg 12]tling wind", "the whistling wind"],
  ["the whis-[Pg xii]tling wind", "the whistling wind"],
  ["the wind [Pg 12]\npulled", "the wind\npulled"],
  ["[Pg 12] The wind pulled", "The wind pulled"],
  ["the wind {Page 12} pulled", "the wind pulled"],
  ["the {12} wind pulled and {13}pulled", "the wind pulled and pulled"],
  ["the number {12} on the door", "the number {12} on the door"],
])("the marks inside %j are silent if they number pages", (text, story) => {
  expect(storyOf(text)).toBe(story);
});

test.each([
  ["braces", (page: number) => `{${String(page)}}`],
  ["brackets", (page: number) => `[${String(page)}]`],
  ["bars", (page: number) => `|${String(page)}|`],
  ["marks of pages", (page: number) => `[Pg ${String(page)}]`],
  ["tags of pages", (page: number) => `<pb n="${String(page)}"/>`],
])("page numbers in %s are silent wherever they stand in a sentence", (_name, markOf) => {
  const words = `${FIRST} ${SECOND} ${THIRD} ${FOURTH}`.split(" ");
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 900 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (page, offsets, hasSpace) => {
        const places = [9, 24, 41].map((place, index) => place + (offsets[index] ?? 0));
        const marked = words.map((word, at) => {
          const index = places.indexOf(at);
          return index < 0 ? word : `${word}${hasSpace ? " " : ""}${markOf(page + index)}`;
        });

        expect(storyOf(marked.join(" "))).toBe(words.join(" "));
      },
    ),
    { numRuns: 50 },
  );
});

test.each([
  "The key bore the mark [24] in white paint, and beside it hung a key with [25] and no more.",
  "“Press [1], then [2], then [3],” said Ida, and he pressed them all.",
  `Here hung the key [24], and then ${SECOND} There lay [25], ${THIRD} and at last [26] ${FOURTH}`,
  `In room [24] ${SECOND} In room [25] ${SECOND} In room [26] ${SECOND}`,
  `The first |9| was red. ${SECOND} The next |4| was blue. ${SECOND} The last |2| was green.`,
])("the numbers in %j that do not count up like pages stay", (text) => {
  expect(storyOf(text)).toBe(text);
});

test.each([
  "-\n\n- 13 -\n\n",
  "\u00AD\n\n- 13 -\n\n",
  "\u00AD\n13\n",
  "-\n\n[Pg 13]\n\n",
  "- [Pg 13] ",
])("a word that is cut by %j is one word", (cut) => {
  const text = `${FIRST}\n\n- 12 -\n\n${SECOND} Then came the whis${cut}tling wind.\n\n- 14 -\n\n${FOURTH}`;

  expect(inOneLine(storyOf(text))).toContain("came the whistling wind.");
});

test("the lines of a poem stay lines around a page number", () => {
  const text =
    "The sea was dark beneath the moon,\nThe wind was loud along the bay,\n\n12\n\nAnd no one came to us by noon,\nAnd no one came to us by day.";

  expect(storyOf(`${text}\n\n${FIRST}\n\n13\n\n${SECOND}`)).toContain("along the bay,\nAnd no one");
});

test.each([
  "“How many eggs do we have?”\n\n12\n\n“And how many did we have yesterday?”\n\n13\n\n“Good.”",
  "It was on page 12. She read page 12 again, and then p. 13, but page 12 was better.",
  "Eggs\n12\nApples\n13\nPears\n14",
  "eggs\n\n12\n\nmilk and honey\n\n13\n\nbread\n\n14\n\nsalt",
  "12\n\nIt rained all day.\n\n13\n\nIt rained again, and we stayed in.\n\n14\n\nSun at last.",
  "June 12\n\nIt rained all day.\n\nJune 13\n\nIt rained again.\n\nJune 14\n\nSun at last.",
  "The score was\n\n12\n\nto nothing, and the crowd went home.",
  "1914\n\nWe left the farm.\n\n1915\n\nWe came back.\n\n1916\n\nWe left again.",
  "She counted aloud.\n\n1\n\n2\n\n3\n\nThen she opened her eyes.",
  "The sign said NO ENTRY.\n\nNO ENTRY\n\nHe went in. The next sign said the same.\n\nNO ENTRY\n\nHe went on.",
  "He typed the number of the house, and the machine printed\n\n12\n\nThen it went dark.",
  "The clock in the hall stood at\n\n9\n\nwhen he came in from the rain, and at\n\n10\n\nhe left. When she came home it stood at\n\n11\n\nand never moved again.",
  "The clock in the hall stood at\n9\nwhen he came in from the rain, and at\n10\nhe left. When she came home it stood at\n11\nand never moved again.",
  "He went along the hall to the door with the number\n\n12\n\nand knocked, and then to the door with the number\n\n13\n\nand waited, and at last to the door with the number\n\n14\n\nand there she was.",
  "The year in red letters was\n\n1984\n\nwas painted on the gate, and below it\n\n1985\n\nand she could not tell why.",
  "After an hour the board above the stand said\n\nROVERS\n\n3\n\nand the crowd went wild, and then it said\n\nROVERS\n\n4\n\nand they sang, and at the end it said\n\nROVERS\n\n5\n\nand nobody could believe it.",
  "After an hour the board above the stand said\n\nROVERS 3\n\nand the crowd went wild, and then it said\n\nROVERS 4\n\nand they sang, and at the end it said\n\nROVERS 5\n\nand nobody could believe it.",
  "The list had three names:\n\n1 Anna Merrow\n2 Peter Hale\n3 Jonas Brand\n\nNobody knew them.",
])("nothing is left out of the short story %j", (text) => {
  expect(storyOf(text)).toBe(text);
});

test("chapter numbers and page numbers are told apart", () => {
  const page = (number: number): string => `${FIRST}\n\n${String(number)}\n\n${SECOND}`;
  const chapter = (number: number, first: number): string =>
    [String(number), page(first), `${THIRD} there.`, page(first + 1), page(first + 2)].join("\n\n");
  const text = [chapter(1, 1), chapter(2, 4), chapter(3, 7)].join("\n\n");

  const { clear, chapters } = readText(text);

  expect(chapters.map(({ title }) => title)).toEqual(["1", "2", "3"]);
  expect(clear.text.match(/\d+/gu)).toEqual(["1", "2", "3"]);
});

const pageStyles: fc.Arbitrary<PageStyle> = fc.record({
  number: fc.constantFrom<PageStyle["number"][]>(
    (page) => String(page),
    (page) => `- ${String(page)} -`,
    (page) => `[Pg ${String(page)}]`,
    (page) => `Page ${String(page)} of 400`,
    (page) => `{${String(page)}}`,
    (page, head) => `${String(page)} | ${head}`,
    (page, head) => `${head}     ${String(page)}`,
    (page) => `${String(page)}\n\f`,
  ),
  hasHead: fc.boolean(),
  firstPage: fc.integer({ min: 1, max: 300 }),
  gap: fc.constantFrom("\n", "\n\n", "\n\n\n"),
  cutsWords: fc.boolean(),
  pageLength: fc.integer({ min: 300, max: 900 }),
  lineLength: fc.constantFrom(60, 72, 10_000),
});

const roman = (chapter: number): readonly string[] =>
  ["I", "II", "III", "IV", "V", "VI"].slice(chapter - 1, chapter);

const headings: fc.Arbitrary<HeadingStyle> = fc.constantFrom<HeadingStyle[]>(
  (chapter) => [`CHAPTER ${String(chapter)}`],
  (chapter) => [`Chapter ${String(chapter)}`],
  (chapter) => [String(chapter)],
  (chapter) => roman(chapter),
  (chapter, title) => [`CHAPTER ${String(chapter)}`, title],
  (chapter, title) => [...roman(chapter), title.toUpperCase()],
  (chapter, title) => [`${String(chapter)}. ${title}`],
  (chapter, title) => [`${roman(chapter).join("")}. ${title.toUpperCase()}`],
);

test("every word of a generated book is in the story, and nothing of its pages", () => {
  fc.assert(
    fc.property(chapters, headings, pageStyles, (content, heading, style) => {
      const book = writeBook(content, heading, style);
      // One number is no sequence. Nobody can tell a page 2 from a chapter 2 if both are bare numbers.
      const isClear = heading(1, "")[0] !== "1" || style.firstPage > content.length;
      fc.pre(book.pageBreaks > 2 && isClear);

      const { clear, chapters: found } = readText(book.text);

      expect(inOneLine(clear.text)).toBe(book.story);
      expect(found.map(({ title }) => title)).toEqual(book.headings);
      // No page break is left inside a sentence.
      expect(clear.text).not.toMatch(/[a-z]\s*\n\s*\n\s*[a-z]/u);
    }),
    { numRuns: 200 },
  );
});

test("a book without pages keeps every word", () => {
  fc.assert(
    fc.property(chapters, headings, (content, heading) => {
      const book = writeBook(content, heading, null);

      expect(storyOf(book.text)).toBe(book.text);
    }),
    { numRuns: 50 },
  );
});

test("for any text, spans are in order and inside the text", () => {
  const piece = fc.constantFrom(
    ...["12", "13", "- 14 -", "[Pg 15]", "{16}", "xvii", "THE HOUSE", "THE HOUSE 18", "\f", "\n"],
    ...["\n\n", "went on-", "and the wind was", "cold.", "Page 19 of 20", " ", "I", "1", "2", "3"],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { spans, clear } = readText(pieces.join("\n"));
      let last = 0;
      for (const { start, end } of spans) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeLessThanOrEqual(clear.original.length);
        last = end;
      }
    }),
    { numRuns: 500 },
  );
});
