import type { Character, Paragraph, Span } from "./document.js";
import { splitSentences } from "./sentences.js";

const LONGEST_SUMMARY = 320;
const FEWEST_WORDS = 5;
/** A story introduces its people and its trouble early; later sentences would give it away. */
const OPENING_PARAGRAPHS = 6;

/** Extractive: the first sentences of narration, and before them a line on who is in the story. */
export function summarise(
  text: string,
  opening: { readonly paragraphs: readonly Paragraph[]; readonly narration: readonly Span[] },
  characters: readonly Character[],
  language: string,
): string {
  const early = new Set(opening.paragraphs.slice(0, OPENING_PARAGRAPHS).map(({ index }) => index));
  const limit = opening.paragraphs[Math.max(0, early.size - 1)]?.end ?? 0;
  const chosen: string[] = [];
  let length = 0;
  for (const span of opening.narration.filter(({ end }) => end <= limit)) {
    for (const sentence of splitSentences(text, span, language)) {
      const line = tidy(text.slice(sentence.start, sentence.end));
      if (!isTelling(line)) continue;
      if (length + line.length > LONGEST_SUMMARY) return finish(chosen, line, characters);
      chosen.push(line);
      length += line.length + 1;
    }
  }
  return finish(chosen, "", characters);
}

function tidy(line: string): string {
  return line
    .replace(/[\s\uFEFF]+/gu, " ")
    .replace(/[_*]/gu, "")
    .trim();
}

/** A whole sentence, not a title or the tail of an attribution. */
function isTelling(line: string): boolean {
  return (
    /^["“‘']?\p{Lu}/u.test(line) &&
    /[.!?…]["”’']?$/u.test(line) &&
    line.split(" ").length >= FEWEST_WORDS
  );
}

function finish(
  chosen: readonly string[],
  overflow: string,
  characters: readonly Character[],
): string {
  if (chosen.length > 0) return chosen.join(" ");
  if (overflow !== "") return `${overflow.slice(0, LONGEST_SUMMARY - 1).replace(/\s\S*$/u, "")}…`;
  const names = characters.slice(0, 3).map(({ canonicalName }) => canonicalName);
  return names.length === 0 ? "" : `A story of ${names.join(", ")}.`;
}
