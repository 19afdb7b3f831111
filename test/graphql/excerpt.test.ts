import fc from "fast-check";
import { excerptOf } from "../../src/graphql/reference/excerpt.js";

test("a text that fits is whole, on one line", () => {
  expect(excerptOf("One day,\n\nshe left.", 30)).toBe("One day, she left.");
});

test("a longer text ends between words, without its punctuation", () => {
  expect(excerptOf("One day, she left for good.", 12)).toBe("One day…");
});

test("a word longer than the excerpt is cut", () => {
  expect(excerptOf("Incomprehensibilities", 6)).toBe("Incom…");
});

test("an excerpt never exceeds its length and is well-formed", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });

  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (content, length) => {
      const excerpt = excerptOf(content, length);
      return excerpt.length <= length && excerpt.isWellFormed();
    }),
    { numRuns: 2_000 },
  );
});
