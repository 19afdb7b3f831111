import fc from "fast-check";
import { breaths, lineOf, spokenText } from "../../../src/providers/speech/spoken-text.js";
import { piecesOf } from "../../../src/providers/speech/text-pieces.js";

const line = (text: string) => lineOf(spokenText(text).units);

test.each([
  ["“Don’t go,” he said—“not yet…”", "Don't go, he said, not yet,"],
  ["I AM here at 5 AM.", "I am here at 5 a m."],
  ["£5.20 & 3 €", "5.20 pounds and 3 euros"],
  ["Café naïve Æsop, straße", "Cafe naive Aesop, strasse"],
  ["(well!) [no]", "well! no"],
  ["one -- two", "one, two"],
])("%s is read as %s", (text, read) => {
  expect(line(text)).toBe(read);
});

test("words keep their places in the text", () => {
  const text = "“So,” she—Ann—said…";

  expect(spokenText(text).words).toEqual(
    ["So", "she", "Ann", "said"].map((word) => ({
      text: word,
      charStart: text.indexOf(word),
      charEnd: text.indexOf(word) + word.length,
    })),
  );
});

test("whatever is written, words are in order, inside the text, and read in ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const { words, units } = spokenText(text);
      let last = 0;
      for (const { charStart, charEnd, text: word } of words) {
        expect(charStart).toBeGreaterThanOrEqual(last);
        expect(charEnd).toBeGreaterThan(charStart);
        expect(text.slice(charStart, charEnd)).toBe(word);
        last = charEnd;
      }
      expect(lineOf(units)).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test("breaths end with a sentence, else with a stop, else with a word, and lose nothing", () => {
  const { units } = spokenText("One two three. Four five, six seven eight nine.");

  const cut = breaths(units, 24).map(lineOf);

  expect(cut).toEqual(["One two three.", "Four five,", "six seven eight nine."]);
  expect(breaths(units, 1).flat()).toEqual(units);
});

test("a word longer than an engine takes is said in pieces of one word", () => {
  const { words, units } = spokenText("x".repeat(10_000));

  expect(words).toHaveLength(1);
  expect(units.every(({ word, spoken }) => word === 0 && spoken.length <= 60)).toBe(true);
  expect(units.map(({ spoken }) => spoken).join("")).toHaveLength(10_000);
});

test("pieces of a text join to the text, and none is too long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, max) => {
      const pieces = piecesOf(text, max);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      expect(pieces.every((piece) => piece.text.length <= max)).toBe(true);
      expect(pieces.every((piece) => text.startsWith(piece.text, piece.start))).toBe(true);
    }),
  );
});
