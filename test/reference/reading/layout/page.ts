import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";

/** Returns the paragraphs of a text as a reader sees them, with one space for each line end. */
export const paragraphsOf = (text: string): readonly string[] => {
  const { clear, paragraphs } = readText(text);
  return paragraphs.map(({ start, end }) => clear.text.slice(start, end).replace(/\s+/gu, " "));
};

/** Returns the paragraphs of verse, with their lines. */
export const verseOf = (text: string): readonly string[] => {
  const { clear, paragraphs } = readText(text);
  return paragraphs
    .filter(({ form }) => form === "verse")
    .map(({ start, end }) => clear.text.slice(start, end));
};

const word = fc.constantFrom(
  ..."kettle lamp over gate hens yard river slowly under morning bread the and with a of it was cold window".split(
    " ",
  ),
);
const sentence = fc.array(word, { minLength: 4, maxLength: 16 }).map((words) =>
  words
    .join(" ")
    .replace(/^./u, (letter) => letter.toUpperCase())
    .concat("."),
);

/** The sentences of a paragraph of prose. */
export const prose = fc.array(sentence, { minLength: 2, maxLength: 6 }).map((all) => all.join(" "));

/** A paragraph that a character says. */
export const speech = sentence.map((said) => `"${said}"`);

/** A stanza: lines that begin with a capital and mostly end without a stop. */
export const stanza = fc
  .array(fc.array(word, { minLength: 4, maxLength: 6 }), { minLength: 3, maxLength: 6 })
  .map((lines) =>
    lines
      .map((words) => words.join(" ").replace(/^./u, (letter) => letter.toUpperCase()))
      .join("\n"),
  );

/** Wraps a paragraph at a column as an editor does. */
export function wrapped(paragraph: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = indent;
  for (const next of paragraph.split(" ")) {
    const isStart = line.trim() === "";
    if (!isStart && line.length + 1 + next.length > width) {
      lines.push(line);
      line = next;
    } else {
      line = isStart ? line + next : `${line} ${next}`;
    }
  }
  return [...lines, line].join("\n");
}
