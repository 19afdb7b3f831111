import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import "../../../support/same-texts.js";

const findChapters = (text: string) => readText(text).chapters;

const titlesOf = (text: string): string[] => findChapters(text).map(({ title }) => title);

const BODY = "The bell rang, and nobody came to the door.";
const under = (heading: string): string => `${BODY}\n\n${heading}\n\n${BODY}`;

test.each([
  ["CHAPTER I", "CHAPTER I"],
  ["CHAPTER I.", "CHAPTER I"],
  ["Chapter 2. Down the Rabbit-Hole", "Chapter 2. Down the Rabbit-Hole"],
  ["Chapter 1: “The Dog”", "Chapter 1: “The Dog”"],
  ["Chapter 3. ‘Tis Done", "Chapter 3. ‘Tis Done"],
  ["CHAPTER 1. Loomings.", "CHAPTER 1. Loomings"],
  ["Chapter Two Is Where We Met", "Chapter Two Is Where We Met"],
  ["CHAPTER I.\nDown the Rabbit-Hole", "CHAPTER I. Down the Rabbit-Hole"],
  [
    "Chapter Twenty-One — In Which Mr. Fogg Leaves",
    "Chapter Twenty-One — In Which Mr. Fogg Leaves",
  ],
  ["Chapter the Last", "Chapter the Last"],
  ["Book the Second: The Golden Thread", "Book the Second: The Golden Thread"],
  ["PART TWO", "PART TWO"],
  ["Part One: Chapter 3", "Part One: Chapter 3"],
  ["PART ONE\nCHAPTER I", "PART ONE. CHAPTER I"],
  ["CHAPTER\n   1", "CHAPTER 1"],
  ["STAVE ONE", "STAVE ONE"],
  ["Letter 4", "Letter 4"],
  ["Prologue", "Prologue"],
  ["Epilogue: Ten Years Later", "Epilogue: Ten Years Later"],
  ["# The Long Road", "The Long Road"],
  ["## The Long Road ##", "The Long Road"],
  ["_Chapter 7_", "Chapter 7"],
  ["Kapitel 3", "Kapitel 3"],
  ["Chap. 3. The Sea", "Chap. 3. The Sea"],
  ["Vol. II", "Vol. II"],
  ["THE FIRST CHAPTER", "THE FIRST CHAPTER"],
  ["Erstes Kapitel", "Erstes Kapitel"],
  ["Chapitre premier", "Chapitre premier"],
  ["Première partie", "Première partie"],
  ["Capítulo segundo", "Capítulo segundo"],
  ["Глава третья", "Глава третья"],
  ["Глава 3. Море", "Глава 3. Море"],
  ["Hoofdstuk 3", "Hoofdstuk 3"],
  ["Rozdział trzeci", "Rozdział trzeci"],
  ["3. luku", "3. luku"],
  ["Kapitola 3", "Kapitola 3"],
  ["Kapittel 3", "Kapittel 3"],
  ["CHAPTER V\nOF THE STORM\nAND WHAT CAME OF IT", "CHAPTER V. OF THE STORM AND WHAT CAME OF IT"],
])("the paragraph %j is a chapter heading", (heading, title) => {
  const start = BODY.length + 2 + heading.search(/[^_]/u);

  expect(findChapters(under(heading))).toEqual([{ title, start }]);
});

test.each([
  "He left.",
  "Part two of the plan was simple.",
  "Part two was over.",
  "Chapter one is where it all began.",
  "Act one!",
  "Book One Alice liked best of all.",
  "“Chapter One,” he said.",
  "“Prologue!”",
  "— Chapter One",
  "Chapter and verse",
  "Prologue was her favourite word.",
  "chapter two",
  "I.",
  "I",
  "IV",
  "1984",
  "42",
  "CIVIL",
  "No",
  "THE BELL RANG",
  "#hashtag",
  "#",
  "Chapter One. The door opened. He went in.",
  "Chapter 1\nChapter 2",
  "CHAPTER I. The Bell\nCHAPTER II. The Wind\nCHAPTER III. The Door",
  "ONE",
  "— 1 —",
  "1. The Bell",
  "I. THE STORM",
  "I Went Home",
  "First letter of the alphabet",
  "Two letters came.",
  "Letters. Two of them.",
])("the paragraph %j is not a chapter heading", (paragraph) => {
  expect(titlesOf(under(paragraph))).toEqual([]);
});

test("Roman or Arabic numerals alone are chapters if they count up", () => {
  const parts = (numerals: readonly string[]) =>
    numerals.map((n) => `${n}\n\n${BODY}`).join("\n\n");

  expect(titlesOf(parts(["I", "II", "III"]))).toEqual(["I", "II", "III"]);
  expect(titlesOf(parts(["I.", "II.", "III."]))).toEqual(["I", "II", "III"]);
  expect(titlesOf(parts(["1", "2", "17", "3"]))).toEqual(["1", "2", "3"]);
  expect(titlesOf(parts(["PART ONE", "1", "2", "PART TWO", "1", "2"]))).toEqual([
    ...["PART ONE", "1", "2", "PART TWO", "1", "2"],
  ]);
});

const chaptersUnder = (headings: readonly string[]): string[] =>
  titlesOf(headings.map((heading) => `${heading}\n\n${BODY}`).join("\n\n"));

test.each([
  [["ONE", "TWO", "THREE"]],
  [["One", "Two", "Three"]],
  [["I. THE STORM", "II. A LETTER", "III. LOW WATER"]],
  [["1. The Storm", "2. A Letter Home", "3. Low Water"]],
  [["1 The Storm", "2 A Letter Home", "3 Low Water"]],
  [["Prologue", "CHAPTER I", "Chapter Two: The Answer", "III", "IV", "CHAPTER THE FIFTH"]],
  [["Interlude", "Chapter 1", "Interlude", "Chapter 2", "Interlude"]],
])("the headings %j are chapters", (headings) => {
  expect(chaptersUnder(headings)).toEqual(headings);
});

test("a numeral between dashes is a chapter's heading if the numerals count up", () => {
  expect(chaptersUnder(["— 1 —", "— 2 —", "— 3 —"])).toEqual(["1", "2", "3"]);
});

test("a number that a chapter by name has is no other heading", () => {
  expect(chaptersUnder(["Chapter 1", "2", "Chapter 2"])).toEqual(["Chapter 1", "Chapter 2"]);
});

test.each([
  ["somebody counts", "1\n\n2\n\n3\n\nShe opened her eyes."],
  ["somebody counts in words", "One.\n\nHe waited.\n\nTwo.\n\nHe waited.\n\nThree.\n\nHe ran."],
  ["items are numbered", "1. Brown Eggs\n\n2. White Eggs\n\n3. Green Apples\n\nShe paid."],
  ["sentences are numbered", "1. He went.\n\nIt rained.\n\n2. He came.\n\nIt snowed."],
])("no chapter begins where %s", (_, text) => {
  expect(titlesOf(`${BODY}\n\n${text}`)).toEqual([]);
});

test("the title below a number belongs to the heading", () => {
  const text = [
    ...["PART ONE", "THE WORLD", "CHAPTER I.", "THE LETTER", BODY],
    ...["II", "Low Water", BODY, "CHAPTER III", BODY],
  ].join("\n\n");

  const { chapters, paragraphs, clear } = readText(text);

  expect(chapters.map(({ title }) => title)).toEqual([
    "PART ONE. THE WORLD: CHAPTER I. THE LETTER",
    "II. Low Water",
    "CHAPTER III",
  ]);
  expect(
    paragraphs.flatMap(({ form, start, end }) =>
      form === "heading" ? [clear.text.slice(start, end)] : [],
    ),
  ).toEqual([
    "PART ONE",
    "THE WORLD",
    "CHAPTER I.",
    "THE LETTER",
    "II",
    "Low Water",
    "CHAPTER III",
  ]);
});

test.each([BODY, "“Come in!”", "THE END", "He Wept.", "London, 3 March", "Peter"])(
  "the paragraph %j below a number is no title",
  (below) => {
    expect(titlesOf(`${BODY}\n\nCHAPTER I\n\n${below}`)).toEqual(["CHAPTER I"]);
  },
);

test.each([
  [
    ["Book Two", "It went on.", "Prologue", BODY],
    ["Book Two", "Prologue"],
  ],
  [
    ["Chapter 1", "No.", "Chapter 2", BODY],
    ["Chapter 1", "Chapter 2"],
  ],
  [
    ["Chapter 1", "Silence", "Chapter 2", BODY],
    ["Chapter 1", "Chapter 2"],
  ],
])("the whole short text of a chapter is no title: %j", (paragraphs, titles) => {
  expect(readText(paragraphs.join("\n\n")).chapters.map(({ title }) => title)).toEqual(titles);
});

test("a speech below the heading of a scene is no title", () => {
  const text = [
    ...["ACT I", "SCENE I", "TOM. No.", "ANN. Why, and what for, and when will it be?"],
    ...["SCENE II", "TOM. Ha!", "ANN. What is so funny about the wall?", "TOM. It is high."],
  ].join("\n\n");

  expect(readText(text).chapters.map(({ title }) => title)).toEqual(["ACT I: SCENE I", "SCENE II"]);
});

test("a wider heading directly before a narrower heading forms one chapter with it", () => {
  const text = `BOOK ONE\n\nPART TWO\n\nCHAPTER I\n\n${BODY}\n\nCHAPTER II\n\n${BODY}`;

  expect(findChapters(text)).toEqual([
    { title: "BOOK ONE: PART TWO: CHAPTER I", start: 0 },
    { title: "CHAPTER II", start: text.indexOf("CHAPTER II") },
  ]);
});

test("only the last entry of a table of contents becomes a chapter", () => {
  const contents = "PART ONE\n\nChapter 1\n\nChapter 2\n\nPART TWO\n\nChapter 3";
  const text = `${contents}\n\n${BODY}\n\nChapter 1\n\n${BODY}`;

  expect(titlesOf(text)).toEqual(["PART TWO: Chapter 3", "Chapter 1"]);
});

test("finds chapters in a text without blank lines", () => {
  const line = `${BODY} ${BODY} ${BODY}`;

  expect(titlesOf(`Chapter 1\n${line}\nChapter 2\n${line}`)).toEqual(["Chapter 1", "Chapter 2"]);
});

test.each([
  ["wrapped prose", `Chapter 1\n${BODY}\n${BODY}\n\nChapter 2\n${BODY}\n${BODY}`],
  [
    "one line each",
    `Chapter 1\nIt was dark.\n“Come,” she said.\nChapter 2\nIt was light.\nHe came.`,
  ],
])("a heading needs no blank line above or below in %s", (_, text) => {
  const { chapters, paragraphs, clear } = readText(text);

  expect(chapters.map(({ title }) => title)).toEqual(["Chapter 1", "Chapter 2"]);
  expect(
    paragraphs.flatMap(({ form, start, end }) =>
      form === "heading" ? [clear.text.slice(start, end)] : [],
    ),
  ).toEqual(["Chapter 1", "Chapter 2"]);
});

test("a line of prose that begins like a heading splits no paragraph", () => {
  const text = `She had read\nChapter 2\nof the book twice.\n\n${BODY}`;

  expect(readText(text).paragraphs).toHaveLength(2);
  expect(titlesOf(text)).toEqual([]);
});

test("a text can have any number of chapters", () => {
  const text = Array.from({ length: 400 }, (_, index) => `Chapter ${index}\n\n${BODY}`).join(
    "\n\n",
  );

  expect(findChapters(text)).toHaveLength(400);
});

test("for any text, chapters are in order, inside the text, and have valid titles", () => {
  const heading = fc.constantFrom(
    ...["CHAPTER I", "Chapter 2. A Door", "PART TWO", "# Title", "##  ", "I", "II", "1", "2", "3"],
    ...["Prologue.", "Book One\nThe Sea", "Chapter 1:", "STAVE ONE -", "IV. ", "\t# \u00a0x"],
  );
  const paragraph = fc.oneof(heading, fc.string({ unit: "grapheme" }), fc.constant(BODY));
  const gap = fc.constantFrom("\n\n", "\n", "\n \n", "\r\n\r\n");
  const texts = fc
    .array(fc.tuple(paragraph, gap), { maxLength: 40 })
    .map((parts) => parts.flat().join(""));

  fc.assert(
    fc.property(texts, (text) => {
      const chapters = findChapters(text);

      let last = -1;
      for (const { title, start } of chapters) {
        expect(start).toBeGreaterThan(last);
        expect(start).toBeLessThan(text.length);
        expect(text.charAt(start)).toMatch(/\S/);
        expect(title).not.toBe("");
        expect(title).toBe(title.trim());
        expect(title.length).toBeLessThanOrEqual(200);
        last = start;
      }
    }),
    { numRuns: 500 },
  );
});

/** Returns how many items are copied from arrays while chapters are found. */
function copiedBy(text: string): number {
  const slice: unknown = Reflect.get(Array.prototype, "slice");
  let copied = 0;
  Reflect.set(Array.prototype, "slice", function (this: unknown, ...range: unknown[]): unknown {
    if (typeof slice !== "function") throw new TypeError("slice is not a function");
    const part: unknown = Reflect.apply(slice, this, range);
    copied += Number(Reflect.get(Object(part), "length"));
    return part;
  });
  try {
    findChapters(text);
  } finally {
    Reflect.set(Array.prototype, "slice", slice);
  }
  return copied;
}

test("work grows linearly with the number of numerals", () => {
  expect(copiedBy("3\n\n".repeat(1600))).toBeLessThan(5 * copiedBy("3\n\n".repeat(400)) + 1000);
});
