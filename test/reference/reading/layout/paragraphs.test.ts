import fc from "fast-check";
import { splitParagraphs } from "../../../../src/reference/reading/layout/paragraphs.js";

const piece = fc.constantFrom(
  "Once. ",
  "\n\n",
  "\r\n\r\n",
  "\r",
  "\n",
  "\uFEFF",
  " ".repeat(7),
  "\u2028",
  "x".repeat(120),
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);

test("paragraphs are in order, trimmed, and contain everything except whitespace", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const paragraphs = splitParagraphs(text);
      const kept = paragraphs.map(({ start, end }) => text.slice(start, end)).join("");

      expect(kept.replace(/[\s\uFEFF]/gu, "")).toBe(text.replace(/[\s\uFEFF]/gu, ""));
      for (const { start, end } of paragraphs) {
        expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
      }
    }),
  );
});

test("long lines are paragraphs in a text without blank lines", () => {
  const line = "A line that is far too long to have been wrapped by hand. ".repeat(3).trim();

  expect(splitParagraphs(`${line}\n${line}`)).toHaveLength(2);
  expect(splitParagraphs("wrapped\nby hand")).toHaveLength(1);
});
