import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import { chapters, writeBook } from "../generated-book.js";
import "../../../support/same-texts.js";

const paragraphsOf = (text: string): string[] => {
  const { clear, paragraphs } = readText(text);
  return paragraphs.map(({ start, end }) => clear.text.slice(start, end));
};
const titlesOf = (text: string): string[] => readText(text).chapters.map(({ title }) => title);

const WALL = "The wall was high, and nobody had ever seen the other side.";
const LADDER = "The ladder was short, so they tied it to another ladder.";
const FALL = "He fell into the soft grass and laughed.";
const BOOK = [
  ...["CHAPTER I", "The Wall", WALL, "CHAPTER II", "The Ladder", LADDER],
  ...["CHAPTER III", "The Fall", FALL],
];
const TITLES = ["CHAPTER I. The Wall", "CHAPTER II. The Ladder", "CHAPTER III. The Fall"];

test.each([
  ["lines", "CONTENTS\n\nCHAPTER I. The Wall\nCHAPTER II. The Ladder\nCHAPTER III. The Fall"],
  [
    "paragraphs",
    "CONTENTS\n\nCHAPTER I. The Wall\n\nCHAPTER II. The Ladder\n\nCHAPTER III. The Fall",
  ],
  ["numerals", "Table of Contents\n\nI. The Wall\nII. The Ladder\nIII. The Fall"],
  ["titles", "Contents:\n\n    The Wall\n    The Ladder\n    The Fall"],
  [
    "leaders",
    "INDEX OF CHAPTERS\n\nI. The Wall . . . . . 1\nII. The Ladder ...... 23\nIII. The Fall ..... 40",
  ],
  [
    "a column of pages",
    "CONTENTS\n\n CHAPTER                 PAGE\n\n     I. THE WALL            1\n    II. THE LADDER         23\n   III. THE FALL           40",
  ],
  [
    "entries of several lines",
    "CONTENTS\n\nI. The Wall, and what was said about it in the\n      village by those who had not seen it . . . 1\nII. The Ladder . . . 23\nIII. The Fall . . . 40",
  ],
  [
    "two lists",
    "CONTENTS\n\nI. The Wall\nII. The Ladder\nIII. The Fall\n\nLIST OF ILLUSTRATIONS\n\nThe Wall at Dusk",
  ],
  [
    "pages of a list of plates",
    "LIST OF ILLUSTRATIONS\n\n“It is high,” said Anna      Frontispiece\nThe Wall at Dusk             12\nThe Ladder                   30",
  ],
  ["two plates and their pages", "LIST OF PLATES\n\nI. The Boat 12\nII. The Quay 30"],
  ["two pages behind single spaces", "LIST OF ILLUSTRATIONS\n\nThe Boat 12\nThe Quay 30"],
  ["no head", "CHAPTER I. The Wall\n\nCHAPTER II. The Ladder\n\nCHAPTER III. The Fall"],
  ["pages and no head", "The Wall ..... 1\nThe Ladder ..... 23\nThe Fall ..... 40"],
])("contents with %s are silent and make no chapters", (_, contents) => {
  const text = ["The Orchard", "by Anna Merrow", contents, ...BOOK].join("\n\n");

  expect(paragraphsOf(text)).toEqual(["The Orchard", "by Anna Merrow", ...BOOK]);
  expect(titlesOf(text)).toEqual(TITLES);
  expect(readText(text).spans.map(({ kind }) => kind)).toContain("contents");
});

test("the title below a short list of pages stays", () => {
  const text = "LIST OF PLATES\n\nI. The Boat 12\nII. The Quay 30\n\nLow Water\n\nNora came down.";

  expect(paragraphsOf(text)).toEqual(["Low Water", "Nora came down."]);
});

test("a part that is only in the contents is no chapter", () => {
  const entry: readonly ((n: number, title: string) => string)[] = [
    (n) => `Chapter ${n}`,
    (n, title) => `Chapter ${n}: ${title}`,
    (n, title) => `${["I", "II", "III", "IV"][n - 1] ?? ""}. ${title}`,
    (n, title) => `${n}. ${title}`,
  ];
  const titles = ["The Wall", "Low Water", "A Letter Home", "The Fall"];
  fc.assert(
    fc.property(
      fc.constantFrom("CONTENTS\n\n", "Table of Contents\n\n", ""),
      fc.constantFrom("Introduction", "Preface", "FOREWORD", "Introduction: The Sea"),
      fc.constantFrom([], ["Epilogue"], ["Notes"], ["Afterword", "Index"]),
      fc.tuple(fc.constantFrom(...entry), fc.constantFrom("\n", "\n\n", "\n* ")),
      (head, front, back, [write, between]) => {
        const chapters = titles.map((title, index) => write(index + 1, title));
        const list = [front, ...chapters, ...back].join(between);
        const book = chapters.map((title) => `${title}\n\n${WALL} ${LADDER}`).join("\n\n");

        expect(titlesOf(`The Book\n\n${head}${list}\n\n\n${book}`)).toEqual(chapters);
      },
    ),
  );
});

test("titles without numbers are chapters if they are in the contents", () => {
  const titles = ["THE WALL", "INTERLUDE", "THE LADDER", "INTERLUDE"];
  const body = [WALL, FALL, LADDER, FALL];
  const book = titles.flatMap((title, index) => [title, body[index] ?? ""]);
  const text = ["CONTENTS", ...titles, ...book].join("\n\n");

  expect(titlesOf(text)).toEqual(titles);
  expect(paragraphsOf(text)).toEqual(book);
});

test("parts in the contents are no chapters, and the parts in the book are", () => {
  const contents = "CONTENTS\n\nPART ONE\n\n1. The Wall\n2. The Ladder\n\nPART TWO\n\n3. The Fall";
  const book = [
    "PART ONE",
    "1. The Wall",
    WALL,
    "2. The Ladder",
    LADDER,
    "PART TWO",
    "3. The Fall",
    FALL,
  ];

  expect(paragraphsOf([contents, ...book].join("\n\n"))).toEqual(book);
  expect(titlesOf([contents, ...book].join("\n\n"))).toEqual([
    "PART ONE: 1. The Wall",
    "2. The Ladder",
    "PART TWO: 3. The Fall",
  ]);
});

test.each([
  ["a list of names", `Anna Merrow\n\nPeter Hale\n\nJonas Brand\n\n${WALL} ${LADDER}`],
  ["a shopping list", `Eggs\nMilk\nBrown Bread\n\n${WALL}`],
  ["a poem", `The Wall Is High\nThe Sea Is Deep\nThe Night Is Long\n\n${WALL}`],
  ["prices", `Tea ..... 2\nCoffee ..... 3\nCake ..... 5\n\n${WALL}`],
  ["a chapter about contents", `CONTENTS\n\n${WALL}\n\n${LADDER}`],
  [
    "a label in the story",
    `${`${WALL}\n\n`.repeat(15)}Contents\n\none knife\n\ntwo spoons\n\n${FALL}`,
  ],
  ["a dialogue", "“Chapter One?”\n\n“Chapter Two.”\n\n“Chapter Three!”"],
  ["chapters without contents", BOOK.join("\n\n")],
])("%s stays in the story", (_, text) => {
  expect(readText(text).clear.text).toBe(text);
});

test.each([
  [
    "headings of a book in volumes",
    [
      ...["VOLUME I.--FANTINE", "BOOK FIRST.--A JUST MAN", "CHAPTER I.--M. MYRIEL", WALL],
      ...["CHAPTER II.--A LATE GUEST", LADDER, "VOLUME II.--COSETTE", "BOOK FIRST.--WATERLOO"],
      ...["CHAPTER I.--ON THE ROAD", FALL, "CHAPTER II.--HOUGOMONT", WALL],
    ],
  ],
  [
    "sections of a few words",
    [
      ...["CHAPTER ONE", "1", "I ran.", "2", "I hid.", "3", WALL],
      ...["CHAPTER TWO", "1", LADDER, "2", FALL, "3", WALL],
    ],
  ],
  [
    "sections of a name",
    [
      ...["Part One", "I.", "Tom.", "II.", "Ann.", "III.", WALL],
      ...["Part Two", "I.", LADDER, "II.", FALL, "III.", WALL],
    ],
  ],
  [
    "chapters of a word",
    [
      ...["Chapter 1", "No.", "Chapter 2", "Yes.", "Chapter 3", WALL, "Part Two"],
      ...["Chapter 1", LADDER, "Chapter 2", FALL, "Chapter 3", WALL],
    ],
  ],
  [
    "chapters of a word without a stop",
    [
      ...["Chapter 1", "Silence", "Chapter 2", "Snow", "Chapter 3", WALL, "Part Two"],
      ...["Chapter 1", LADDER, "Chapter 2", FALL, "Chapter 3", WALL],
    ],
  ],
])("the first %s are no contents", (_, paragraphs) => {
  const { clear, spans } = readText(paragraphs.join("\n\n"));

  expect(spans).toEqual([]);
  expect(clear.text).toBe(paragraphs.join("\n\n"));
});

test("the contents of a generated book are silent", () => {
  const forms = fc.constantFrom<((title: string, chapter: number) => string)[]>(
    (title, chapter) => `CHAPTER ${String(chapter)}. ${title}`,
    (title, chapter) => `${String(chapter)}. ${title} . . . . ${String(chapter * 17)}`,
    (title, chapter) => `   ${String(chapter)}.   ${title}      ${String(chapter * 17)}`,
    (title, chapter) => `Chapter ${String(chapter)} -- ${title}`,
  );
  const gaps = fc.constantFrom("\n", "\n\n");
  const heads = fc.constantFrom("CONTENTS", "Table of Contents", "CONTENTS.", "Chapters");

  fc.assert(
    fc.property(chapters, forms, gaps, heads, (content, form, gap, head) => {
      const book = writeBook(
        content,
        (chapter, title) => [`CHAPTER ${String(chapter)}`, title],
        null,
      );
      const entries = content.map(({ title }, index) => form(title, index + 1));

      const { clear, chapters: found } = readText(
        ["THE ORCHARD", head, entries.join(gap), book.text].join("\n\n"),
      );

      expect(clear.text.replace(/\s+/gu, " ")).toBe(`THE ORCHARD ${book.story}`);
      expect(found.map(({ title }) => title)).toEqual(book.headings);
    }),
    { numRuns: 100 },
  );
});
