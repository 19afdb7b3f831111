import fc from "fast-check";
import { paragraphsOf, prose, stanza, verseOf, wrapped } from "./page.js";
import "../../../support/same-texts.js";

const LINES = `The ferry went at half past nine
With nobody aboard,
And no one saw it cross the line
Between the buoy and the ford`;

test("a poem alone is verse, stanza by stanza", () => {
  fc.assert(
    fc.property(fc.array(stanza, { minLength: 2, maxLength: 6 }), (stanzas) => {
      expect(verseOf(stanzas.join("\n\n"))).toEqual(stanzas);
    }),
  );
});

test("an indented poem in wrapped prose is verse, and the prose is none", () => {
  fc.assert(
    fc.property(fc.array(prose, { minLength: 3, maxLength: 6 }), stanza, (paragraphs, lines) => {
      const before = paragraphs.map((paragraph) => wrapped(paragraph, 70)).join("\n\n");
      const poem = lines.replace(/^/gmu, "    ");

      expect(verseOf(`${before}\n\n${poem}\n\n${before}`)).toEqual([poem.trim()]);
    }),
  );
});

test.each([
  ["a refrain with an indent", `${LINES}\n        Row, row.`],
  ["lines in turn with an indent", LINES.replace(/^(?=With|Between)/gmu, "    ")],
  [
    "lines without capitals",
    "the ferry went\n  at half past nine with nobody\naboard\n  and no one saw\nit cross\n  the narrow line",
  ],
  ["a poem of one stanza", LINES],
  ["an address", "12 Elm Street,\nLittle Marsh,\n4th of June"],
])("%s is verse", (_, text) => {
  expect(verseOf(`The Ferry\n\n${text}`)).toEqual([text]);
});

test("verse between long lines of prose is verse", () => {
  const long =
    "She sang a little as she worked, and nobody in the yard could hear her for the rain on the roof of the barn and the hens.";

  expect(verseOf(`${long}\n\n${LINES}\n\n${long}\n\n${long}`)).toEqual([LINES]);
});

test("an indented poem inside a paragraph without blank lines is verse", () => {
  const text = `   The kettle had boiled dry before anyone noticed that the fire was
still burning in the grate, so Marta lifted it away with her apron.
   She sang a little as she worked:
      The hens are in the yard, my dear,
      The fox is in the corn,
      And no one comes to mend the gate
   Then the door opened, and her brother came in with the rain on his
shoulders and a letter in his hand.`;

  expect(verseOf(text)).toHaveLength(1);
  expect(paragraphsOf(text)).toHaveLength(4);
});

test("each entry of a list has a line", () => {
  const list = "- bread\n- milk for the cat\n- a lamp";

  expect(verseOf(`She wrote a list before she went out.\n\n${list}`)).toEqual([list]);
});

test("an indented letter in prose is prose", () => {
  const letter = prose.filter((paragraph) => paragraph.length > 200);
  fc.assert(
    fc.property(fc.array(prose, { minLength: 4, maxLength: 6 }), letter, (paragraphs, said) => {
      const before = paragraphs.map((paragraph) => wrapped(paragraph, 70)).join("\n\n");
      const small = said.replace(/\. \p{Lu}/gu, (stop) => stop.toLowerCase().replace(".", ","));
      const text = `${before}\n\n${wrapped(small, 50).replace(/^/gmu, "      ")}\n\n${before}`;

      expect(verseOf(text)).toEqual([]);
      expect(paragraphsOf(text)).toEqual([...paragraphs, small, ...paragraphs]);
    }),
  );
});

test("a wrapped paragraph among long lines stays one", () => {
  const long = "The rain went on, and nobody came to the gate or to the yard. ".repeat(3).trim();
  const short =
    "This was wrapped by hand for\nsome reason, so the lines of it\nare short. But it goes on, and\nNobody knows why.";

  expect(paragraphsOf(`${long}\n\n${long}\n\n${short}\n\n${long}`)).toHaveLength(4);
});

test("prose that is wrapped at forty columns is no verse", () => {
  fc.assert(
    fc.property(fc.array(prose, { minLength: 3, maxLength: 6 }), (paragraphs) => {
      const text = paragraphs.map((paragraph) => wrapped(paragraph, 40)).join("\n\n");

      expect(verseOf(text)).toEqual([]);
    }),
  );
});
