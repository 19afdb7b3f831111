import type {
  AnalysisDocument,
  Segment,
  Span,
} from "../../src/reference/analysis/analyser/index.js";
import type { GoldQuote, Novel } from "./pdnc.js";

/** `right` is the number of gold quotes that were found with exactly their span. */
export interface Detection {
  readonly right: number;
  readonly found: number;
  readonly gold: number;
}

export interface Detected {
  /** Every segment counts as a quote. */
  readonly pieces: Detection;
  /** The segments of a long speech count as one quote. */
  readonly speeches: Detection;
}

export const NOTHING_FOUND: Detection = { right: 0, found: 0, gold: 0 };

export const sumOf = (a: Detection, b: Detection): Detection => ({
  right: a.right + b.right,
  found: a.found + b.found,
  gold: a.gold + b.gold,
});

export const f1 = ({ right, found, gold }: Detection): number =>
  (2 * right) / Math.max(1, gold + found);

/**
 * Counts the quotes that the analyser found with exactly the span of the corpus: once with each segment as a quote,
 * and once with the pieces of a long speech, which the analyser splits, as one quote.
 */
export function detectionOf(novel: Novel, document: AnalysisDocument): Detected {
  const dialogue = document.segments.filter(({ kind }) => kind === "dialogue");
  const gold = novel.quotes.flatMap((quote) => quote.spans);
  return {
    pieces: scoreSpans(novel.text, gold, dialogue),
    speeches: scoreSpans(novel.text, gold, joinPieces(novel.text, dialogue)),
  };
}

/** Joins segments of one speech: a segment behind another without a mark of its own. */
function joinPieces(text: string, dialogue: readonly Segment[]): readonly Span[] {
  const joined: Span[] = [];
  for (const { start, end } of dialogue) {
    const open = joined.at(-1);
    const isSame = open?.end === start && !/^["“‘]/u.test(text.charAt(start));
    if (isSame) joined[joined.length - 1] = { start: open.start, end };
    else joined.push({ start, end });
  }
  return joined;
}

function scoreSpans(text: string, gold: GoldQuote["spans"], found: readonly Span[]): Detection {
  const spans = new Set(found.map(({ start, end }) => spanKey(text, start, end)));
  const right = gold.filter(([from, to]) => spans.has(spanKey(text, from, to))).length;
  return { right, found: spans.size, gold: gold.length };
}

/**
 * Returns the offsets of a span as text, without the quotation marks, dashes and whitespace at the ends
 * of the span. The corpus includes these characters in some quotes only.
 */
function spanKey(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && /[\s"“”‘’'_—-]/u.test(text.charAt(start))) start += 1;
  while (end > start && /[\s"“”‘’'_—-]/u.test(text.charAt(end - 1))) end -= 1;
  return `${String(start)}-${String(end)}`;
}
