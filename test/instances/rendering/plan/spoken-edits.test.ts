import fc from "fast-check";
import {
  findSpokenEdits,
  shownEdits,
  spokenText,
  writtenWords,
} from "../../../../src/instances/rendering/plan/spoken-edits.js";
import type { SpokenWord } from "../../../../src/reference/index.js";
import type { TextEdit } from "../../../../src/platform/text/edited-text.js";

const english = (text: string, apparatus: readonly TextEdit[] | null = [], keep: string[] = []) =>
  findSpokenEdits({ text, apparatus }, { language: "en", keep });

/** The words of a spoken text, half a second each. */
const wordsOf = (text: string): readonly SpokenWord[] =>
  [...text.matchAll(/[\p{L}\p{N}'’]+/gu)].map(({ 0: word, index }, at) => ({
    ...{ text: word, start: index, end: index + word.length },
    ...{ startMs: at * 500, endMs: at * 500 + 500 },
  }));

const cut = (text: string, part: string, said = ""): TextEdit => {
  const start = text.indexOf(part);
  return { start, end: start + part.length, text: said };
};

test("a text without apparatus and abbreviations is said as it is written", () => {
  expect(english("The bell rang.")).toEqual([]);
});

test("the voice gets abbreviations in words, and each written word is one word of the sound", () => {
  const text = "“Capt. Vane paid.” ";

  const edits = english(text);
  const spoken = spokenText(text, edits);
  const words = writtenWords(text, edits, wordsOf(spoken));

  expect(spoken).toBe("“Captain Vane paid.”");
  expect(shownEdits(text, edits)).toEqual([]);
  for (const word of words) expect(text.slice(word.start, word.end)).toBe(word.text);
  expect(words.map((word) => word.text.replace(/\.$/, ""))).toEqual(["Capt", "Vane", "paid"]);
});

test("several spoken words of one written word are one word, from the first to the last", () => {
  const text = "It cost £3m in all.";

  const edits = english(text);
  const spoken = spokenText(text, edits);
  const heard = wordsOf(spoken);
  const words = writtenWords(text, edits, heard);

  expect(spoken).toBe("It cost 3 million pounds in all.");
  expect(words.map((word) => word.text)).toEqual(["It", "cost", "£3m", "in", "all"]);
  expect(words[2]).toMatchObject({ startMs: heard[2]?.startMs, endMs: heard[4]?.endMs });
});

test("apparatus inside a word and between words is neither said nor shown", () => {
  const text = "The gar-\nden[3] of Capt.[4] Vane.";
  const apparatus = [cut(text, "-\n"), cut(text, "[3]"), cut(text, "[4]")];

  const edits = english(text, apparatus);
  const spoken = spokenText(text, edits);

  expect(spoken).toBe("The garden of Captain Vane.");
  const words = writtenWords(text, edits, wordsOf(spoken));
  expect(words.map((word) => word.text.replace(/\.$/, ""))).toEqual([
    "The",
    "garden",
    "of",
    "Capt",
    "Vane",
  ]);
  expect(text.slice(words[1]?.start, words[1]?.end)).toBe("gar-\nden");
});

test("a form that begins inside what replaces apparatus is one edit with it", () => {
  const text = "They paid &pound;3m.";
  const edits = english(text, [cut(text, "&pound;", "£")]);
  const spoken = spokenText(text, edits);

  expect(spoken).toBe("They paid 3 million pounds.");
  const words = writtenWords(text, edits, wordsOf(spoken));
  expect(words.map((word) => word.text)).toEqual(["They", "paid", "£3m"]);
  expect(text.slice(words[2]?.start, words[2]?.end)).toBe("&pound;3m");
});

test("the apparatus of an edited line is found anew", () => {
  const text = "The gar\u00ADden of <i>Capt.</i> Vane &amp; sons.";

  expect(spokenText(text, english(text, null))).toBe("The garden of Captain Vane & sons.");
});

test("a line that is only apparatus is silent, and a line of signs is not", () => {
  const text = "—\u00AD ";

  expect(spokenText(text, english(text, null))).toBe("");
  expect(spokenText("<br/>", english("<br/>", [cut("<br/>", "<br/>")]))).toBe("");
  expect(spokenText("* * *", english("* * *", []))).toBe("* * *");
});

test("words of the lexicon stay as they are written", () => {
  const text = "Capt. Vane saw Dr. Hale.";

  expect(spokenText(text, english(text, [], ["Capt"]))).toContain("Capt. Vane");
});

const PIECES = ["Capt.", "£3m", "gar", "den", "[1]", "-\n", "&amp;", " ", ", ", "Vane", "10 ft."];

test("every word of any line is heard once and in order, and apparatus is in no word", () => {
  const piece = fc.record({ text: fc.constantFrom(...PIECES), isCut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      let text = "";
      const apparatus: TextEdit[] = [];
      for (const { text: part, isCut } of pieces) {
        if (isCut) apparatus.push({ start: text.length, end: text.length + part.length, text: "" });
        text += part;
      }

      const edits = english(text, apparatus);
      const spoken = wordsOf(spokenText(text, edits));
      const words = writtenWords(text, edits, spoken);

      expect(edits.toSorted((one, other) => one.start - other.start)).toEqual(edits);
      for (const [index, { start, end, startMs }] of words.entries()) {
        const last = words[index - 1];
        expect(end).toBeGreaterThan(start);
        expect(start).toBeGreaterThanOrEqual(last?.end ?? 0);
        expect(startMs).toBeGreaterThanOrEqual(last?.endMs ?? 0);
        const isApparatus = apparatus.some((edit) => edit.start <= start && edit.end >= end);
        expect(isApparatus).toBe(false);
      }
      expect(words.at(-1)?.endMs).toBe(spoken.at(-1)?.endMs);
    }),
  );
});
