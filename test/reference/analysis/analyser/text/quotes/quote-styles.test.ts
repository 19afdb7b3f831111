import fc from "fast-check";
import { analyseText } from "../../../../../../src/reference/analysis/analyser/index.js";
import "../../../../../support/same-texts.js";

interface Style {
  readonly open: string;
  readonly close: string;
  readonly inner: readonly [string, string];
  readonly apostrophe: string;
}

const STYLES: readonly Style[] = [
  { open: "“", close: "”", inner: ["‘", "’"], apostrophe: "’" },
  { open: '"', close: '"', inner: ["'", "'"], apostrophe: "'" },
  { open: "‘", close: "’", inner: ["“", "”"], apostrophe: "’" },
  { open: "'", close: "'", inner: ['"', '"'], apostrophe: "'" },
  { open: "„", close: "“", inner: ["‚", "‘"], apostrophe: "’" },
  { open: "„", close: "”", inner: ["‘", "’"], apostrophe: "’" },
  { open: "”", close: "”", inner: ["’", "’"], apostrophe: "’" },
  { open: "»", close: "«", inner: ["›", "‹"], apostrophe: "’" },
  { open: "«", close: "»", inner: ["‹", "›"], apostrophe: "’" },
  { open: "« ", close: " »", inner: ["“", "”"], apostrophe: "’" },
  { open: "``", close: "''", inner: ["`", "'"], apostrophe: "'" },
];

/** Speech with apostrophes (^) and quotes inside it ({ and }). */
const speech = fc.constantFrom(
  "Come in",
  "I don^t know",
  "It^s the boys^ boots, and the dogs^ dishes",
  "I took ^em, an^ I^d do it again",
  "^Twas late, ^tis true",
  "We went at five o^clock in the ^90s",
  "She said {never,} and I believed her",
  "He cried {Stop!} twice",
  "Jack ^n^ Jill are goin^ home",
  "The girls^ hats are six feet wide",
  "The sea was cold—very cold—and grey",
);
const tag = fc.constantFrom("said Clara", "asked Edmund", "cried the old man", "she said");
const narration = fc.constantFrom(
  "The soldiers^ coats were wet.",
  "Clara^s mother wasn^t listening.",
  "^Twas cold in the ^90s, and the boys^ boots were old.",
  "It rained all day.",
);
const paragraph = fc.oneof(
  fc.record({ first: speech, tag, second: fc.option(speech) }),
  fc.record({ narration }),
);

/** Writes paragraphs in a style, with the speech that a reader finds in them. */
function write(
  paragraphs: readonly (
    | { readonly first: string; readonly tag: string; readonly second: string | null }
    | { readonly narration: string }
  )[],
  style: Style,
): { readonly text: string; readonly quotes: readonly string[] } {
  const styled = (words: string): string =>
    words
      .replaceAll("{", style.inner[0])
      .replaceAll("}", style.inner[1])
      .replaceAll("^", style.apostrophe);
  const quotes: string[] = [];
  const quote = (words: string, stop: string): string => {
    const written = `${style.open}${styled(words)}${stop}${style.close}`;
    quotes.push(written);
    return written;
  };
  const lines = paragraphs.map((one) => {
    if ("narration" in one) return styled(one.narration);
    const opening = `${quote(one.first, ",")} ${one.tag}.`;
    return one.second === null ? opening : `${opening} ${quote(one.second, ".")}`;
  });
  return { text: lines.join("\n\n"), quotes };
}

test.each(STYLES)("exactly the speech in $open…$close is found", (style) => {
  fc.assert(
    fc.property(
      fc.array(paragraph, { minLength: 4, maxLength: 12 }),
      fc.constant({ first: "Come in", tag: "said Clara", second: "Sit down" }),
      (paragraphs, sample) => {
        // A text shows its style only if it has some speech.
        const { text, quotes } = write([sample, ...paragraphs, sample], style);

        const { segments } = analyseText(text);
        const found = segments
          .filter(({ kind }) => kind === "dialogue")
          .map(({ start, end }) => text.slice(start, end).trim());

        expect(found).toEqual(quotes);
        expect(segments.map(({ start, end }) => text.slice(start, end)).join("")).toBe(
          text.replaceAll("\n\n", ""),
        );
      },
    ),
    { numRuns: 60 },
  );
});
