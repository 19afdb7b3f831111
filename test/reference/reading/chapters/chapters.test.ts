import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";

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
