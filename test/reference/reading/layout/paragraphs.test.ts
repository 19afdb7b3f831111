import fc from "fast-check";
import { splitParagraphs } from "../../../../src/reference/reading/layout/paragraphs.js";
import { paragraphsOf, prose, speech, wrapped } from "./page.js";
import "../../../support/same-texts.js";

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
const width = fc.integer({ min: 40, max: 78 });
const many = fc.array(prose, { minLength: 3, maxLength: 8 });

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

test("blank lines are between paragraphs, however the lines are wrapped", () => {
  fc.assert(
    fc.property(many, width, (paragraphs, columns) => {
      const text = paragraphs.map((paragraph) => wrapped(paragraph, columns)).join("\n\n");

      expect(paragraphsOf(text)).toEqual(paragraphs);
    }),
  );
});

test("first lines are indented where no blank line is", () => {
  fc.assert(
    fc.property(many, width, fc.constantFrom("  ", "    ", "\t"), (paragraphs, columns, indent) => {
      const text = paragraphs.map((paragraph) => wrapped(paragraph, columns, indent)).join("\n");

      expect(paragraphsOf(text)).toEqual(paragraphs);
    }),
  );
});

test("long lines are paragraphs where no blank line is", () => {
  const long = prose.filter((paragraph) => paragraph.length > 100);
  fc.assert(
    fc.property(fc.array(long, { minLength: 2, maxLength: 8 }), (paragraphs) => {
      expect(paragraphsOf(paragraphs.join("\n"))).toEqual(paragraphs);
    }),
  );
});

test("lines of dialogue are paragraphs where no blank line is", () => {
  fc.assert(
    fc.property(fc.array(speech, { minLength: 2, maxLength: 12 }), (paragraphs) => {
      expect(paragraphsOf(paragraphs.join("\n"))).toEqual(paragraphs);
    }),
  );
});

test("a long line of dialogue can be wrapped where each line is a paragraph", () => {
  const text = `"Is anyone in?" said Tom.
Nobody answered, and the rain went on running down the window in the dark.
"I know you are there."
"Go away," said a voice from the other side of the door, very low, as if
it came from the floor.
He sat down upon the step.`;

  expect(paragraphsOf(text)).toHaveLength(5);
});

test("one paragraph of wrapped prose stays one", () => {
  fc.assert(
    fc.property(prose, width, (paragraph, columns) => {
      const text = wrapped(
        paragraph.replace(/\. \p{Lu}/gu, (found) => found.toLowerCase().replace(".", ",")),
        columns,
      );

      expect(paragraphsOf(text)).toHaveLength(1);
    }),
  );
});

test("a short line that ends a sentence is the last of its paragraph", () => {
  const text = `The kettle had boiled dry before anyone noticed that the fire was
still burning in the grate, so Marta lifted it away with her apron.
"You might have called me," she said. "I was only across the yard
with the hens."
Nobody answered her. The clock went on, as it had since the morning,
and the rain ran down the window.
"Read it," said her brother.
He put the letter down upon the table, very gently, as though it had
been an egg.`;

  expect(paragraphsOf(text).map((paragraph) => paragraph.slice(0, 12))).toEqual([
    "The kettle h",
    '"You might h',
    "Nobody answe",
    '"Read it," s',
    "He put the l",
  ]);
});

test("a text can have blank lines between scenes and indents between paragraphs", () => {
  const text = `   The kettle had boiled dry before anyone noticed that the fire
was still burning in the grate.
   "You might have called me," she said.

   In the morning the rain was over, and the yard was full of hens and
water.
   Nobody came.`;

  expect(paragraphsOf(text)).toHaveLength(4);
});

test("a heading and the name below are one paragraph", () => {
  expect(paragraphsOf("CHAPTER I.\nThe Kettle.\n\nNobody came.")).toEqual([
    "CHAPTER I. The Kettle.",
    "Nobody came.",
  ]);
});

test("lines of equal length are paragraphs if each is a sentence, and speech answers speech", () => {
  const lines = [
    '"Have you the tickets?" asked Lena.',
    '"You had them, not I. I had none."',
    '"Then they are on the platform."',
    "Lena stood still and said nothing.",
  ];

  expect(paragraphsOf(lines.join("\n"))).toEqual(lines);
});
