import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import "../../../support/same-texts.js";

const titlesOf = (text: string): string[] => readText(text).chapters.map(({ title }) => title);

const BODY = "The bell rang, and nobody came to the door.";

test.each(["PART", "BOOK", "Chapter", "ACT", "#"])(
  "numbers begin again in each %s, however many there are",
  (word) => {
    const counts = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 5 });
    const name = (index: number) =>
      word === "#" ? `# The Road ${"I".repeat(index + 1)}` : `${word} ${index + 1}`;
    fc.assert(
      fc.property(counts, fc.boolean(), (sizes, hasText) => {
        const numerals = sizes.map((size) => ["I", "II", "III", "IV", "V"].slice(0, size));
        const between = hasText ? `\n\n${BODY}\n\n` : "\n\n";
        const parts = numerals.map(
          (all, index) =>
            `${name(index)}${between}${all.map((one) => `${one}\n\n${BODY}`).join("\n\n")}`,
        );
        const titles = numerals.flatMap((all, index) => {
          const title = name(index).replace("# ", "");
          return hasText ? [title, ...all] : [`${title}: I`, ...all.slice(1)];
        });

        expect(titlesOf(parts.join("\n\n"))).toEqual(titles);
      }),
    );
  },
);

test("a part can have one chapter", () => {
  const text = `PART ONE\n\nI\n\n${BODY}\n\nPART TWO\n\nI\n\n${BODY}\n\nII\n\n${BODY}`;

  expect(titlesOf(text)).toEqual(["PART ONE: I", "PART TWO: I", "II"]);
});

test.each([
  ["No.", `Chapter 1\nNo.\n\n${BODY}`],
  ["Yes!", `Chapter 1\n\nYes!\n\n${BODY}`],
  ["I ran.", `Chapter 1\nI ran.\n\nChapter 2\nHe hid.`],
  ["He left.", `Chapter 1\nHe left.\n\n${BODY}`],
])("the sentence %j below a heading is text", (sentence, text) => {
  const { chapters, paragraphs, clear } = readText(text);

  expect(chapters[0]?.title).toBe("Chapter 1");
  expect(paragraphs.map(({ start, end }) => clear.text.slice(start, end))[1]).toBe(sentence);
});

test.each([
  ["CHAPTER 1.\nLoomings.", "CHAPTER 1. Loomings"],
  ["Chapter 1\nThe Carpet-Bag.", "Chapter 1. The Carpet-Bag"],
  ["Chapter 1\nLOOMINGS.", "Chapter 1. LOOMINGS"],
])("a name with a stop, as in %j, is a name", (heading, title) => {
  expect(titlesOf(`${heading}\n\n${BODY}`)).toEqual([title]);
});
