import type { Paragraph, Span } from "../../document.js";
import { isCitation } from "./cited-words.js";
import { findDashQuotes } from "./dash-dialogue.js";
import { findMarkHabits } from "./mark-habits.js";
import { pairMarks } from "./pairs.js";
import { ParagraphMarks } from "./paragraph-marks.js";
import { type OpenSpan, findScriptedSpeech, type SpokenParagraph } from "./scripted.js";
import { findTags } from "./speech-tags.js";

/** A piece of direct speech with its quotation marks. */
export interface Quote extends Span {
  readonly index: number;
  readonly paragraph: number;
  /**
   * True if the quote continues the speech of the previous paragraph: the quote opens a paragraph,
   * and the previous quote has no closing mark.
   */
  readonly isContinuation: boolean;
  /** The speaker's name that a play writes before the line. Null in prose. */
  readonly label: string | null;
}

const OPENING = /["“”„‟«»‹›「『'‘’‚‛`]/u;

/**
 * Finds quotes in reading order. Reads each paragraph mark by mark. The analyser's README has the
 * measured accuracy.
 */
export function findQuotes(text: string, paragraphs: readonly SpokenParagraph[]): readonly Quote[] {
  const finder = new QuoteFinder(text, paragraphs);
  const quotes: Quote[] = [];
  for (const [position, paragraph] of paragraphs.entries()) {
    const { index, label } = paragraph;
    const continuesAt = finder.isOpen ? paragraph.start : -1;
    for (const { start, end } of finder.speechOf(paragraph, paragraphs[position + 1])) {
      const isContinuation = start === continuesAt;
      quotes.push({ index: quotes.length, paragraph: index, start, end, isContinuation, label });
    }
  }
  return quotes;
}

/** Finds the speech of one paragraph after another. */
class QuoteFinder {
  /** True if the speech of the paragraph before has no closing mark. */
  isOpen = false;
  readonly #text: string;
  readonly #marks: ParagraphMarks;
  readonly #dashes: ReadonlyMap<number, readonly OpenSpan[]>;
  readonly #habits;

  constructor(text: string, paragraphs: readonly Paragraph[]) {
    this.#text = text;
    this.#habits = findMarkHabits(text);
    this.#marks = new ParagraphMarks(text, this.#habits);
    this.#dashes = findDashQuotes(text, paragraphs);
  }

  speechOf(paragraph: SpokenParagraph, next: Paragraph | undefined): readonly Span[] {
    const { isOpen } = this;
    this.isOpen = false;
    if (paragraph.label !== null) return findScriptedSpeech(this.#text, paragraph);
    const dashed = this.#dashes.get(paragraph.index);
    if (dashed !== undefined) return dashed;
    this.#marks.read(paragraph);
    const around = { text: this.#text, paragraph, habits: this.#habits, isOpen };
    const spans = pairMarks(this.#marks, around).flatMap((span) => this.#untagged(span, next));
    this.isOpen = spans.at(-1)?.isClosed === false;
    return spans.filter(
      (span) =>
        (isOpen && span.start === paragraph.start) || !isCitation(this.#text, paragraph, span),
    );
  }

  /** Cuts tags out of speech whose marks do not show them. */
  #untagged(span: OpenSpan, next: Paragraph | undefined): readonly OpenSpan[] {
    if (span.isClosed) return this.#isGuillemet(span) ? this.#withoutTags(span) : [span];
    const [tag] = findTags(this.#text, span);
    const goesOn = next !== undefined && OPENING.test(this.#text.charAt(next.start));
    if (tag === undefined || (goesOn && tag.end < span.end)) return [span];
    return [{ start: span.start, end: trimmedEnd(this.#text, tag.start), isClosed: true }];
  }

  #isGuillemet({ start }: Span): boolean {
    return "«»".includes(this.#text.charAt(start));
  }

  #withoutTags({ start, end }: OpenSpan): readonly OpenSpan[] {
    const parts: OpenSpan[] = [];
    let from = start;
    for (const tag of findTags(this.#text, { start, end })) {
      parts.push({ start: from, end: trimmedEnd(this.#text, tag.start), isClosed: true });
      from = tag.end;
    }
    if (/[\p{L}\p{N}]/u.test(this.#text.slice(from, end)))
      parts.push({ start: from, end, isClosed: true });
    return parts;
  }
}

function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/u.test(text.charAt(at - 1))) at -= 1;
  return at;
}
