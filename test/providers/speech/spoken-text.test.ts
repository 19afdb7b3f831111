import fc from "fast-check";
import { breaths, lineOf, prepareSpokenText } from "../../../src/providers/speech/spoken-text.js";
import { splitText } from "../../../src/providers/speech/remote/text-pieces.js";

const line = (text: string) => lineOf(prepareSpokenText(text).units);

test.each([
  ["“Don’t go,” he said—“not yet…”", "Don't go, he said, not yet,"],
  ["I AM here at 5 AM. HI!", "I am here at 5 a m. hi!"],
  ["£5.20, £1,250 & 3 € or 4€, $2", "5 pounds 20, 1,250 pounds and 3 euros or 4 euros, $2"],
  ["It was −3 °C, then 20°C", "It was -3 degrees Celsius, then 20 degrees Celsius"],
  ["2024-01-31, 3/05/1999, 1914-1918", "January 31 2024, 3 5 1999, 1914 to 1918"],
  ["½ of 2¾, ⅓", "1/2 of 2 and 3/4, 1/3"],
  ["+44 20 #5 MI5", "plus 44 20 number 5 M I 5"],
  ["Café naïve Æsop, straße, ﬁne", "Cafe naive Aesop, strasse, fine"],
  ["Hmm, psst! Shhh. Grrr! Brr; tsk", "hum, pist! shush. gurr! burr; tisk"],
  ["(well!) [no]", "well! no"],
  ["one -- two", "one, two"],
  ["a\u00adb zero\u200bwidth \u202bleft\u202c", "ab zerowidth left"],
  ["*Bold* and **very** _it_ ~~gone~~ `code`", "Bold and very it gone code"],
  ["## Head ##\r\n\tTabs", "Head Tabs"],
  ["well😀done", "well done"],
])("%s is read as %s", (text, read) => {
  expect(line(text)).toBe(read);
});

test.each([
  ["A note[1] here", ["A", "note", "here"]],
  ["It ended.² Then", ["It", "ended", "Then"]],
  ["forty km² of water³", ["forty", "km²", "of", "water"]],
  ["Gone.[*]", ["Gone"]],
])("a note mark is not a word and counts as a silent sign: %s", (text, said) => {
  const { words, hasSilentSigns } = prepareSpokenText(text);

  expect(words.map((word) => word.text)).toEqual(said);
  expect(hasSilentSigns).toBe(true);
});

test("words keep their offsets in the text", () => {
  const text = "“So,” she—Ann—said…";

  expect(prepareSpokenText(text).words).toEqual(
    ["So", "she", "Ann", "said"].map((word) => ({
      text: word,
      start: text.indexOf(word),
      end: text.indexOf(word) + word.length,
    })),
  );
});

test("for any text, words are in order, inside the text, and spelled in ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const { words, units } = prepareSpokenText(text);
      let last = 0;
      for (const { start, end, text: word } of words) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(text.slice(start, end)).toBe(word);
        last = end;
      }
      expect(lineOf(units)).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test("breaths end after a sentence if possible, then after a comma, then after a word, and lose nothing", () => {
  const { units } = prepareSpokenText("One two three. Four five, six seven eight nine.");

  const cut = breaths(units, 24).map(lineOf);

  expect(cut).toEqual(["One two three.", "Four five,", "six seven eight nine."]);
  expect(breaths(units, 1).flat()).toEqual(units);
});

test("a word longer than the engine's limit is split into units of one word", () => {
  const { words, units } = prepareSpokenText("x".repeat(10_000));

  expect(words).toHaveLength(1);
  expect(units.every(({ word, spoken }) => word === 0 && spoken.length <= 60)).toBe(true);
  expect(units.map(({ spoken }) => spoken).join("")).toHaveLength(10_000);
});

test("the pieces of a text join to the text, and no piece is too long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, max) => {
      const pieces = splitText(text, max);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      expect(pieces.every((piece) => piece.text.length <= max)).toBe(true);
      expect(pieces.every((piece) => text.startsWith(piece.text, piece.start))).toBe(true);
    }),
  );
});
