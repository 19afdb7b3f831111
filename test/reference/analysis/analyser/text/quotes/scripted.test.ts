import { findQuotes } from "../../../../../../src/reference/analysis/analyser/text/quotes/quotes.js";

test("a line of a play is its speaker's, and its directions are narration", () => {
  const text = "(Rising.) I am not “well,” father. (She sits.) Not at all.";
  const directions = ["(Rising.)", "(She sits.)"].map((direction) => {
    const start = text.indexOf(direction);
    return { start, end: start + direction.length };
  });

  const quotes = findQuotes(text, [
    { index: 0, start: 0, end: text.length, label: "NORA", directions },
  ]);

  expect(quotes.map(({ start, end, label }) => [text.slice(start, end), label])).toEqual([
    ["I am not “well,” father.", "NORA"],
    ["Not at all.", "NORA"],
  ]);
});

test("a line of a play without words is no speech", () => {
  const text = "(He weeps.) …";

  const quotes = findQuotes(text, [
    { index: 0, start: 0, end: text.length, label: "HAL", directions: [{ start: 0, end: 11 }] },
  ]);

  expect(quotes).toEqual([]);
});
