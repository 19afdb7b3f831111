import { type AnalysisDocument, type Segment, SegmentKind } from "../analyser/index.js";

/** Numbered lines of a story that one request is about. */
export interface ReadingWindow {
  /** The numbers of the segments that the window decides: the first, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** The numbers of the quotes that the model is asked for. */
  readonly quotes: readonly number[];
  /** True if the model does not see the lines before. */
  readonly isAlone?: true;
}

/** What a model reads of one segment. */
export interface NumberedLine {
  readonly isQuote: boolean;
  /** The text without apparatus, on one line and shortened. */
  readonly text: string;
  readonly endsParagraph: boolean;
  /** The speaker by the embedded analyser. */
  readonly speakerId: string | null;
}

/** The longest part of a line that is sent. Longer narration keeps its beginning and its end. */
const LONGEST_LINE = 700;

/** Returns the lines of a document, in order. The number of a line is its place. */
export function linesOf(
  text: string,
  { segments, apparatus }: Pick<AnalysisDocument, "segments" | "apparatus">,
): NumberedLine[] {
  let next = 0;
  return segments.map((segment) => {
    while ((apparatus[next]?.end ?? Infinity) <= segment.start) next += 1;
    return {
      isQuote: segment.kind === SegmentKind.Dialogue,
      text: shortened(clearText(text, segment, apparatus, next)),
      endsParagraph: segment.breakAfter !== null,
      speakerId: segment.speakerId,
    };
  });
}

/** Returns the text of a segment without the apparatus, whose spans begin at `first`. */
function clearText(
  text: string,
  { start, end }: Pick<Segment, "start" | "end">,
  spans: AnalysisDocument["apparatus"],
  first: number,
): string {
  const parts: string[] = [];
  let from = start;
  for (let index = first; ; index += 1) {
    const span = spans[index];
    if (!span || span.start >= end) break;
    parts.push(text.slice(from, Math.max(from, span.start)), span.said);
    from = Math.max(from, span.end);
  }
  parts.push(text.slice(Math.min(from, end), end));
  return parts.join("").toWellFormed().replace(/\s+/gu, " ").trim();
}

const shortened = (line: string): string =>
  line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE / 2).toWellFormed()} […] ${line.slice(-LONGEST_LINE / 2).toWellFormed()}`;

/**
 * Cuts the lines into windows of about `tokens` tokens each, at the ends of paragraphs where there are some.
 * @param tokensOf estimates the tokens of a line
 */
export function cutWindows(
  lines: readonly NumberedLine[],
  tokens: number,
  tokensOf: (line: NumberedLine) => number,
): ReadingWindow[] {
  const windows: ReadingWindow[] = [];
  let first = 0;
  let size = 0;
  let border = 0;
  for (const [index, line] of lines.entries()) {
    const cost = tokensOf(line);
    if (size + cost > tokens && index > first) {
      const end = border > first ? border : index;
      windows.push(windowOf(lines, first, end));
      size = lines.slice(end, index).reduce((sum, each) => sum + tokensOf(each), 0);
      first = end;
    }
    size += cost;
    if (line.endsParagraph) border = index + 1;
  }
  if (first < lines.length) windows.push(windowOf(lines, first, lines.length));
  return windows;
}

/**
 * Returns the two halves of a window. Returns a window of one line without the lines before, and nothing if
 * the lines before are already left out.
 */
export function shorten(lines: readonly NumberedLine[], window: ReadingWindow): ReadingWindow[] {
  const { first, end, isAlone } = window;
  if (end - first < 2) return isAlone ? [] : [{ ...window, isAlone: true }];
  const middle = Math.ceil((first + end) / 2);
  return [windowOf(lines, first, middle), windowOf(lines, middle, end)];
}

function windowOf(lines: readonly NumberedLine[], first: number, end: number): ReadingWindow {
  const quotes: number[] = [];
  for (let index = first; index < end; index += 1) if (lines[index]?.isQuote) quotes.push(index);
  return { first, end, quotes };
}
