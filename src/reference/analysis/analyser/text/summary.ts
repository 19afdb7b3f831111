import type { Paragraph, Span } from "../document.js";
import type { RawSegment } from "./segments.js";
import { splitSentences } from "./sentences.js";

const LONGEST_SUMMARY = 320;
const FEWEST_WORDS = 5;
/**
 * The summary comes from the first paragraphs, which introduce the people and the conflict. Later
 * sentences would reveal the plot.
 */
const OPENING_PARAGRAPHS = 6;

/**
 * Returns the first whole sentences of narration, together at most 320 characters. If the narration
 * has only parts of sentences around quotes, returns the first sentence with its quote.
 */
export function summarise(text: string, opening: OpeningNarration, language: string): string {
  const { paragraphs, narration } = opening;
  const narrated = telling(text, narration, language);
  const chosen = narrated.length > 0 ? narrated : telling(text, paragraphs, language).slice(0, 1);
  const [first] = chosen;
  return cut(first === undefined ? tidy(textOf(text, paragraphs[0])) : fitting(chosen).join(" "));
}

/** The first paragraphs of a text, and their narration. */
export class OpeningNarration {
  readonly paragraphs: readonly Paragraph[];
  readonly narration: Span[] = [];

  constructor(paragraphs: readonly Paragraph[]) {
    this.paragraphs = paragraphs.slice(0, OPENING_PARAGRAPHS);
  }

  /** Keeps a segment if it is narration of the first paragraphs. */
  add({ quote, paragraph, start, end }: RawSegment): void {
    if (quote === -1 && paragraph < this.paragraphs.length) this.narration.push({ start, end });
  }
}

function textOf(text: string, span: Span | undefined): string {
  return span === undefined ? "" : text.slice(span.start, span.end);
}

/**
 * Returns the first whole sentences. Stops after the sentence that makes them longer than a
 * summary.
 */
function telling(text: string, spans: readonly Span[], language: string): readonly string[] {
  const lines: string[] = [];
  let length = 0;
  for (const span of spans) {
    for (const sentence of splitSentences(text, span, language)) {
      const line = tidy(textOf(text, sentence));
      if (isTelling(line)) lines.push(line);
      length += isTelling(line) ? line.length : 0;
      if (length > LONGEST_SUMMARY) return lines;
    }
  }
  return lines;
}

/** Returns the lines without the last line if all lines together are too long. */
function fitting(lines: readonly string[]): readonly string[] {
  const isTooLong = lines.length > 1 && lines.join(" ").length > LONGEST_SUMMARY;
  return isTooLong ? lines.slice(0, -1) : lines;
}

function cut(line: string): string {
  if (line.length <= LONGEST_SUMMARY) return line;
  const room = line.slice(0, LONGEST_SUMMARY - 1);
  return `${room.replace(/[\s,;:—–-]+\S*$/u, "")}…`;
}

function tidy(line: string): string {
  return line
    .replace(/[\s\uFEFF]+/gu, " ")
    .replace(/[_*]/gu, "")
    .trim();
}

/** True for a whole sentence. False for a title or the end of an attribution. */
function isTelling(line: string): boolean {
  return (
    /^["“„”‘'«»]?\p{Lu}/u.test(line) &&
    /[.!?…]["“”’'«»]?$/u.test(line) &&
    line.split(" ").length >= FEWEST_WORDS
  );
}
