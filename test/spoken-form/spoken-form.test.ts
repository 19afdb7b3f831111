import fc from "fast-check";
import { spokenForm } from "../../src/spoken-form/index.js";
import { SAID } from "./said.js";
import { SAID_CRIES } from "./said-cries.js";
import { UNCHANGED } from "./unchanged.js";

const english = (text: string, keep: readonly string[] = []) =>
  spokenForm(text, { language: "en", keep });

test.each(UNCHANGED)("%s stays as it is", (text) => {
  expect(english(text).text).toBe(text);
});

test("a text in another language stays as it is", () => {
  expect(spokenForm("Kapitel IV, 3 km", { language: "de" }).text).toBe("Kapitel IV, 3 km");
  expect(spokenForm("Chapter IV, 3 km", { language: "en-GB" }).text).toBe(
    "Chapter four, 3 kilometers",
  );
});

test("a word of the lexicon stays as it is", () => {
  const text = "Capt. Vane and Lt. Reed paid £3 million.";

  expect(english(text, ["CAPT"]).text).toBe(
    "Capt. Vane and Lieutenant Reed paid 3 million pounds.",
  );
  expect(english(text, ["lt.", "Million"]).text).toBe("Captain Vane and Lt. Reed paid £3 million.");
});

test("each spoken word has its place in the written text", () => {
  const text = "Lt. Reed ran 5km.";
  const spoken = english(text);

  const at = spoken.text.indexOf("kilometers");
  expect(spoken.rangeOf({ start: at, end: at + 10 })).toEqual({ start: 13, end: 16 });
  expect(spoken.rangeOf({ start: 0, end: "Lieutenant".length })).toEqual({ start: 0, end: 3 });
});

const PIECES = [
  ...[...SAID, ...SAID_CRIES].flatMap(([written]) => written.split(" ")),
  ..."I V . , ' \" “ ” - – — … $ £ % / & _ * ( ) a.m. 3 1914 12,000 .5 no Noooo Ahhh w-w-what".split(
    " ",
  ),
];
const texts = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(" ", " ", " ", "", "\n")), {
    maxLength: 40,
  })
  .map((pieces) => pieces.flat().join(""));

/** The written words that have a letter or a digit. */
const wordsOf = (text: string) =>
  [...text.matchAll(/\S*[\p{L}\p{N}]\S*/gu)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));

test("no written word is lost, and the edits are in order and inside the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const spoken = english(text);
      let last = 0;
      for (const { start, end } of spoken.edits) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
      const heard = wordsOf(spoken.text).map((word) => spoken.rangeOf(word));
      for (const word of wordsOf(text)) {
        expect(heard.some(({ start, end }) => start < word.end && end > word.start)).toBe(true);
      }
    }),
  );
});

test("the same text always has the same spoken form", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(english(text).text).toBe(english(text).text);
    }),
  );
});

test("words of the lexicon stay as they are in any text", () => {
  fc.assert(
    fc.property(texts, fc.subarray(PIECES), (text, keep) => {
      const kept = new Set(keep.map((word) => word.toLowerCase()));
      const { edits } = english(text, keep);
      for (const word of wordsOf(text)) {
        if (!kept.has(text.slice(word.start, word.end).toLowerCase())) continue;
        expect(edits.some(({ start, end }) => start < word.end && end > word.start)).toBe(false);
      }
    }),
  );
});
