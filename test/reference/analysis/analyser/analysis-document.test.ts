import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import {
  ANALYSER,
  analyseText,
  countWords,
  readingTimeSeconds,
} from "../../../../src/reference/analysis/analyser/index.js";
import { expectInvariants } from "./document-invariants.js";

const SEEDS = new URL("../../../../src/seed/stories/", import.meta.url);

/** Generates a part of a story or of a broken file. The tests join such parts at random. */
const piece = fc.constantFrom(
  "“Yes,” said Clara. ",
  '"No!" he cried',
  "‘Why?’ asked the fox, ",
  "— Well, said Mr. Hale. — Come. ",
  "Clara looked at Edmund's hat. ",
  "I went home, and I slept; I dreamt. ",
  "“",
  "”",
  '"',
  "'",
  "\n\n",
  "\r\n\r\n",
  "\r",
  "\uFEFF",
  "🦊🦊 ",
  "“Ω λ 狐 лиса” ",
  "...!?—",
  " ".repeat(7),
  "\uD83E",
  "x".repeat(650),
  "THE END ",
  "The bell rang. ",
);
const story = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
const anyText = fc.oneof(story, fc.string({ unit: "binary", maxLength: 300 }), fc.string());

test("any text gives a document that keeps its invariants", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expectInvariants(text, analyseText(text));
    }),
    { numRuns: 300 },
  );
});

test("the same text gives the same document", () => {
  fc.assert(
    fc.property(story, (text) => {
      expect(analyseText(text)).toEqual(analyseText(text));
    }),
    { numRuns: 50 },
  );
});

const seeds = existsSync(SEEDS) ? readdirSync(SEEDS).filter((name) => name.endsWith(".txt")) : [];

test("every seed story keeps the invariants and has speakers", () => {
  for (const name of seeds) {
    const text = readFileSync(new URL(name, SEEDS), "utf8");
    const document = analyseText(text);

    expectInvariants(text, document);
    expect(document.segments.some(({ speakerId }) => speakerId !== null)).toBe(true);
    expect(document.summary).not.toBe("");
  }
});

test("a document contains the text's hash and the analyser", () => {
  const document = analyseText("“Yes,” said Clara.", { language: "en-GB" });

  expect(document).toMatchObject({
    schemaVersion: ANALYSER.schemaVersion,
    analyzer: { id: "embedded", version: ANALYSER.version },
    contentHash: createHash("sha256").update("“Yes,” said Clara.", "utf8").digest("hex"),
    language: "en-GB",
    offsetUnit: "utf16",
    wordCount: 3,
    usage: { inputTokens: 0, outputTokens: 0, costMicros: 0, requests: 0 },
  });
});

test("an unknown language is read with the rules of English", () => {
  expect(analyseText("One. Two.", { language: "not a language" }).segments).toHaveLength(1);
});

test("progress runs from 0 to 1 through the stages", () => {
  const reports: [string, number][] = [];
  analyseText("“Yes,” said Clara.", {
    onProgress: (stage, fraction) => reports.push([stage, fraction]),
  });

  expect(reports.map(([stage]) => stage)).toEqual([
    "segmenting",
    "characters",
    "attribution",
    "expression",
    "expression",
  ]);
  expect(reports.map(([, fraction]) => fraction)).toEqual([0, 0.2, 0.4, 0.6, 1]);
});

test("counts words and reading time", () => {
  expect(countWords("Don't stop, mother-in-law: 42 foxes 🦊!")).toBe(5);
  expect(readingTimeSeconds(238)).toBe(60);
  expect(readingTimeSeconds(0)).toBe(0);
});

/**
 * Returns how many characters and items are copied while a text is analysed. If the analyser copied the
 * rest of the text again and again, a text of twice the length would copy four times as much.
 */
function copiedBy(text: string): number {
  const stringSlice: unknown = Reflect.get(String.prototype, "slice");
  const arraySlice: unknown = Reflect.get(Array.prototype, "slice");
  let copied = 0;
  const counting = (slice: unknown) =>
    function (this: unknown, ...range: unknown[]): unknown {
      if (typeof slice !== "function") throw new TypeError("slice is not a function");
      const part: unknown = Reflect.apply(slice, this, range);
      copied += Number(Reflect.get(Object(part), "length"));
      return part;
    };
  Reflect.set(String.prototype, "slice", counting(stringSlice));
  Reflect.set(Array.prototype, "slice", counting(arraySlice));
  try {
    analyseText(text);
  } finally {
    Reflect.set(String.prototype, "slice", stringSlice);
    Reflect.set(Array.prototype, "slice", arraySlice);
  }
  return copied;
}

test.each([
  ["one line of quotes", "“Yes,” said Clara. “No?” he cried. "],
  ["paragraphs of quotes", "“Yes,” said Clara.\n\nEdmund went home.\n\n"],
  ["quotes that never close", "“Yes "],
  ["one sentence without end", "and the old door creaked "],
  ["dashes", "— Yes, said Clara. — No\n\n"],
  ["marks", '"!'],
  ["apostrophes", "'a "],
  ["single marks that never close", "‘A “b ‘c’ d "],
  ["tags inside guillemets", "«A, said B. C»"],
  ["tags behind one mark", "A, said B. « "],
])("work grows linearly with the length of %s", (_name, unit) => {
  const short = unit.repeat(400);
  const long = unit.repeat(1600);

  expect(copiedBy(long) / copiedBy(short)).toBeLessThan(5);
});
