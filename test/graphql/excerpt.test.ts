import fc from "fast-check";
import { excerptOf } from "../../src/graphql/reference/story/excerpt.js";

test("a short text is returned whole, on one line", () => {
  expect(excerptOf("One day,\n\nshe left.", 30)).toBe("One day, she left.");
});

test("a longer text is cut between words, and its last punctuation is removed", () => {
  expect(excerptOf("One day, she left for good.", 12)).toBe("One day…");
});

test("a word longer than the excerpt is cut", () => {
  expect(excerptOf("Incomprehensibilities", 6)).toBe("Incom…");
});

test("an excerpt is never longer than its length and is well-formed Unicode", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });

  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (content, length) => {
      const excerpt = excerptOf(content, length);
      return excerpt.length <= length && excerpt.isWellFormed();
    }),
    { numRuns: 2_000 },
  );
});
