import fc from "fast-check";
import { EditedText, type TextEdit } from "../../../src/platform/text/edited-text.js";

const text = "The old – 12 – house &amp; garden";
const page = { start: 7, end: 14, text: "" };
const entity = { start: 21, end: 26, text: "&" };
const edited = new EditedText(text, [page, entity]);

const rangeOfWord = (word: string) => {
  const start = edited.text.indexOf(word);
  const range = edited.rangeOf({ start, end: start + word.length });
  return text.slice(range.start, range.end);
};

test("a text without edits stays the same text", () => {
  expect(new EditedText("once", []).text).toBe("once");
  expect(new EditedText("once", []).rangeOf({ start: 1, end: 3 })).toEqual({ start: 1, end: 3 });
});

test("edits replace and remove parts", () => {
  expect(edited.text).toBe("The old house & garden");
});

test("every word has its place in the original text", () => {
  for (const word of ["The", "old", "house", "garden"]) expect(rangeOfWord(word)).toBe(word);
  expect(rangeOfWord("&")).toBe("&amp;");
});

test("a part over a removed part includes the removed part", () => {
  expect(rangeOfWord("old house")).toBe("old – 12 – house");
});

test("removed text at an edge belongs to no part", () => {
  const note = new EditedText("[1]dark[2] night", [
    { start: 0, end: 3, text: "" },
    { start: 7, end: 10, text: "" },
  ]);

  expect(note.rangeOf({ start: 0, end: 4 })).toEqual({ start: 3, end: 7 });
  expect(note.startOf(4)).toBe(10);
});

test("edits that overlap are refused", () => {
  const edits = [
    { start: 0, end: 3, text: "" },
    { start: 2, end: 4, text: "" },
  ];
  expect(() => new EditedText("abcdef", edits)).toThrow("overlaps");
});

test("every kept character keeps its place, whatever the edits are", () => {
  const cuts = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.string({ maxLength: 3 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.string({ minLength: 80, maxLength: 90 }), cuts, (original, steps) => {
      let at = 0;
      const edits: TextEdit[] = steps.map(([gap, length, replacement]) => {
        const start = at + gap;
        at = start + length;
        return { start, end: at, text: replacement };
      });
      const result = new EditedText(original, edits);
      const kept = Array.from(original, (_, index) => index).filter((index) =>
        edits.every(({ start, end }) => index < start || index >= end),
      );
      const isReplaced = new Set(
        Array.from(result.text, (_, index) => index).filter((index) => {
          const { start, end } = result.rangeOf({ start: index, end: index + 1 });
          return edits.some((edit) => edit.start === start && edit.end === end && edit.text !== "");
        }),
      );
      const places = Array.from(result.text, (_, index) => index)
        .filter((index) => !isReplaced.has(index))
        .map((index) => result.startOf(index));
      expect(kept).toEqual(expect.arrayContaining(places));
    }),
  );
});
