import fc from "fast-check";
import { CHARACTER_PASSES } from "../../../../src/reference/reading/characters/character-passes.js";
import { readText } from "../../../../src/reference/reading/reading.js";
import { readsAs } from "./reads-as.js";
import "../../../support/same-texts.js";

/** A word as a file writes it, and as a reader reads it. */
const piece = fc.constantFrom(
  ["lamp", "lamp"],
  ["<i>lamp</i>", "lamp"],
  ['<span class="x">la</span>mp', "lamp"],
  ["_lamp_", "lamp"],
  ["**old lamp**", "old lamp"],
  ["_lamp_'s", "lamp's"],
  ["caf&eacute;", "café"],
  ["&ldquo;lamp&rdquo;", "“lamp”"],
  ["Hale &amp; Son", "Hale & Son"],
  ["la\u00ADmp", "lamp"],
  ["la\u200Bmp", "lamp"],
  ["ﬁre", "fire"],
  ["snake_case", "snake_case"],
  ["2 * 3", "2 * 3"],
  ["a < b", "a < b"],
  ["<!-- note -->lamp", "lamp"],
);

test("whatever marks stand around words, the words are read, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 20 }), (pieces) => {
      const text = pieces.map(([written]) => written).join(" and ");

      expect(readsAs(text, ...CHARACTER_PASSES)).toBe(pieces.map(([, read]) => read).join(" and "));
    }),
  );
});

test("any text keeps its letters, except the letters of its tags", () => {
  const unit = fc.constantFrom(
    "a",
    "B",
    " ",
    "\n",
    "\n\n",
    "_",
    "*",
    "\\",
    "[",
    "]",
    ".",
    "“",
    "1",
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
      const text = units.join("");
      const letters = text.replace(/[^\p{L}\p{N}]/gu, "");

      expect(readsAs(text, ...CHARACTER_PASSES).replace(/[^\p{L}\p{N}]/gu, "")).toBe(letters);
    }),
  );
});

test("spans are in order, do not overlap, and lie in the text, whatever the text is", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.array(piece, { maxLength: 20 }).map((all) => all.map(([written]) => written).join("\n\n")),
  );
  fc.assert(
    fc.property(text, (given) => {
      let end = 0;
      for (const span of readText(given).spans) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        end = span.end;
      }
      expect(end).toBeLessThanOrEqual(given.length);
    }),
  );
});
