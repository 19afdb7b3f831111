import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import "../../../support/same-texts.js";

/** Story words have "q" inside, apparatus words have "zz", so that a test can tell them apart. */
const word = fc.constantFrom(
  "equip",
  "quay",
  "sequel",
  "Quentin",
  "quiet",
  "1914",
  "requiem",
  "quill",
);
const words = (min: number, max: number) =>
  fc.array(word, { minLength: min, maxLength: max }).map((list) => list.join(" "));
const noteWords = fc
  .array(fc.constantFrom("zzany", "zzold", "Zzeta", "zzink"), {
    minLength: 1,
    maxLength: 14,
  })
  .map((list) => list.join(" "));

/** A sentence, maybe with a mark in it. */
const sentence = fc
  .tuple(words(2, 9), fc.constantFrom(".", "?", "!", ".”"))
  .map(([text, stop]) => `${stop === ".”" ? "“" : ""}Q${text}${stop}`);
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 4 });

const notation = fc.constantFrom("[NUMBER]", "{NUMBER}", "^NUMBER");
const bodyForm = fc.constantFrom("plain", "named", "colon");

interface Note {
  readonly mark: string;
  readonly body: string;
}

const noteOf = (label: string, words: string, form: string, notation: string): Note => {
  const mark = notation.replace("NUMBER", label);
  if (form === "named") return { mark, body: `[Footnote ${label}: ${words}.]` };
  return form === "colon" && mark.startsWith("[")
    ? { mark, body: `[${label}: ${words}.]` }
    : { mark, body: `${mark} ${words}.` };
};

const block = fc.oneof(
  noteWords.map((text) => `[Illustration: ${text}]`),
  noteWords.map((text) => `[Illustration: ${text}\n\n"${text}"]`),
  noteWords.map((text) => `[Sidenote: ${text}.]`),
  noteWords.map((text) => `[Transcriber's Note: ${text}]`),
  noteWords.map((text) => `Transcriber's Note: ${text} zzhas spelling and punctuation errors.`),
  fc.constantFrom("* * *", "***", "~~~", "⁂", "o0o", "[Illustration]", "[Blank page]"),
);
const name = fc.constantFrom("Zzeta Zzink", "Zz. Zzold");
const header = fc
  .tuple(noteWords, name)
  .map(([title, author]) =>
    [
      `The Project Gutenberg eBook of ${title}`,
      "This ebook is for the use of anyone anywhere.",
      `Title: ${title}\n\nAuthor: ${author}\n\nLanguage: English`,
      `*** START OF THE PROJECT GUTENBERG EBOOK ${title.toUpperCase()} ***`,
      `Produced by ${author}`,
      `LONDON\n${author} & SONS\n1894`,
    ].join("\n\n"),
  );
const licence = noteWords.map((title) =>
  [
    `*** END OF THE PROJECT GUTENBERG EBOOK ${title.toUpperCase()} ***`,
    "Updated editions will replace the previous one.",
    `THE FULL PROJECT GUTENBERG LICENSE\n${title}`,
  ].join("\n\n"),
);

const text = fc.record({
  paragraphs: fc.array(paragraph, { minLength: 2, maxLength: 8 }),
  blocks: fc.array(fc.tuple(fc.nat(7), block), { maxLength: 4 }),
  notes: fc.array(fc.tuple(fc.nat(7), noteWords), { maxLength: 5 }),
  notation,
  bodyForm,
  place: fc.constantFrom("after", "end"),
  header: fc.option(header, { nil: "" }),
  licence: fc.option(licence, { nil: "" }),
});

/** Puts the parts of a book together. */
function bookOf(parts: typeof text extends fc.Arbitrary<infer Parts> ? Parts : never): string {
  const count = parts.paragraphs.length;
  const notes = parts.notes
    .map(([at, words]) => [at % count, words] as const)
    .toSorted((left, right) => left[0] - right[0])
    .map(([at, words], index) => ({
      at,
      ...noteOf(String(index + 1), words, parts.bodyForm, parts.notation),
    }));
  const body = parts.paragraphs.flatMap((sentences, index) => {
    const own = notes.filter(({ at }) => at === index);
    const blocks = parts.blocks.filter(([at]) => at % count === index).map(([, block]) => block);
    const marked = sentences.join(" ") + own.map(({ mark }) => mark).join("");
    return [marked, ...(parts.place === "after" ? own.map(({ body }) => body) : []), ...blocks];
  });
  const end =
    parts.place === "end" && notes.length > 0
      ? ["FOOTNOTES:", ...notes.map(({ body }) => body)]
      : [];
  return [parts.header, ...body, ...end, parts.licence].filter((part) => part !== "").join("\n\n");
}

const lettersOf = (words: string): string => words.replace(/[^\p{L}\p{N}]/gu, "");

test("of any book the whole story is read, and no word of its apparatus", () => {
  fc.assert(
    fc.property(text, (parts) => {
      const book = bookOf(parts);
      const story = parts.paragraphs.flat().join(" ");
      const { clear } = readText(book);

      expect(lettersOf(clear.text)).toBe(lettersOf(story));
    }),
    { numRuns: 150 },
  );
});

const piece = fc.constantFrom(
  ..."[ ] * † ¹ ^1 {1} (1) [1] [Illustration [sic] [Footnote : -- #".split(" "),
  ..."\n \n\n a. A word [oe] e _ \" ' = Title:".split(" "),
  "\n",
  "\n\n",
  "\n\n\n\n\n",
  " ",
  "*** START OF THE PROJECT GUTENBERG EBOOK A ***\n",
  "*** END OF THE PROJECT GUTENBERG EBOOK A ***\n",
  "Transcriber's Note:\n\nspelling, punctuation.\n",
  "NOTES\n\n",
  "Printed by Nell\n\n",
);

test("the spans of any text are in order, apart, and inside the text", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      let last = 0;
      for (const { start, end } of readText(text).spans) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        last = end;
      }
    }),
    { numRuns: 200 },
  );
});
