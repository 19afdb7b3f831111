import type { TextRange } from "../../../platform/text/edited-text.js";
import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { DIRECTION_LINE, findDirections, isDirectionLine } from "./directions.js";
import { type Label, findLabels } from "./labels.js";
import { LineTable } from "./line-table.js";
import { type Paragraph, splitLines } from "./paragraphs.js";

/** A paragraph, with its speaker if the text is a play or a tagged script. */
export interface ScriptParagraph extends Paragraph {
  /** The speaker's name from the label before the paragraph. Null in prose, and for directions. */
  readonly label: string | null;
  /** The stage directions inside a speech. Empty in prose. */
  readonly directions: readonly TextRange[];
}

interface Layout {
  /** The labels of speeches. The offsets are offsets in the text. */
  readonly labels: readonly ApparatusSpan[];
  /** The offsets of paragraphs are offsets in the text without its labels. */
  readonly paragraphs: readonly ScriptParagraph[];
}

/** The speaker who narrates. A narrator's lines are narration. */
const NARRATORS = new Set(["narrator", "narration", "the narrator"]);
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Finds the labels and the paragraphs of a text. A speech without a label, after a speech with one, belongs to
 * the same speaker if both are indented alike and other paragraphs are not. If not, it is narration.
 */
export function layOut(text: string): Layout {
  const lines = new LineTable(text);
  const labels = labelsOf(lines);
  const found = splitLines(lines, startsOf(lines, labels));
  if (labels.length === 0) return { labels: [], paragraphs: found.map(inProse) };
  const spans = labels.map((label, index) => labelSpan(lines, label, labels[index + 1]));
  const isDirection = ({ start, end }: TextRange): boolean =>
    DIRECTION_LINE.test(text.slice(start, end));
  const speeches = removeLabels(found, spans, isDirection).map((paragraph, index) => ({
    ...paragraph,
    index,
    speaker: labels[paragraph.label]?.speaker ?? null,
  }));
  const without = textWithout(text, spans);
  const paragraphs = continueSpeeches(without, speeches).map(
    ({ index, start, end, form, speaker }) => {
      const label = speaker === null || NARRATORS.has(speaker.toLowerCase()) ? null : speaker;
      const directions = label === null ? [] : findDirections(without, { start, end });
      return { index, start, end, form, label, directions };
    },
  );
  return { labels: spans, paragraphs };
}

const inProse = (paragraph: Paragraph): ScriptParagraph => ({
  ...paragraph,
  label: null,
  directions: [],
});

/** Finds the labels. A text of labels alone has none. */
function labelsOf(lines: LineTable): readonly Label[] {
  const labels = findLabels(lines);
  const spans = labels.map((label, index) => labelSpan(lines, label, labels[index + 1]));
  return LETTER.test(textWithout(lines.text, spans)) ? labels : [];
}

/** Returns where paragraphs begin in a script: at labels, below labels, and at directions on their own line. */
function startsOf(lines: LineTable, labels: readonly Label[]): readonly number[] {
  const starts: number[] = [];
  for (const [index, { line, start, isAlone }] of labels.entries()) {
    starts.push(start);
    const next = labels[index + 1]?.line ?? lines.length;
    const speech = isAlone ? speechBelow(lines, line, next) : line;
    for (let below = line + 1; below <= speech; below += 1) starts.push(lines.start(below));
    for (const above of directionsAbove(lines, speech + 1, next)) starts.push(above);
  }
  return starts;
}

/** Returns the line of a speech below its label. Lines of direction can stand between them. */
function speechBelow(lines: LineTable, label: number, next: number): number {
  let line = label + 1;
  while (line + 1 < next && isDirectionLine(lines, line)) line += 1;
  return line;
}

/** Returns the starts of the lines of direction directly above a label or the end of a block. */
function directionsAbove(lines: LineTable, from: number, to: number): readonly number[] {
  let end = from;
  while (end < to && !lines.isAfterBlank(end)) end += 1;
  const starts: number[] = [];
  for (let line = end - 1; line >= from && isDirectionLine(lines, line); line -= 1) {
    starts.unshift(lines.start(line));
  }
  return starts;
}

/** Returns the silent part of a label, with the whitespace behind it. */
function labelSpan(lines: LineTable, label: Label, next: Label | undefined): ApparatusSpan {
  const { text } = lines;
  const limit = Math.min(
    next?.start ?? text.length,
    label.isAlone ? lines.start(label.line + 1) : lines.end(label.line),
  );
  let end = label.end;
  while (end < limit && /\s/u.test(text.charAt(end))) end += 1;
  return { kind: ApparatusKind.SpeakerLabel, start: label.start, end, said: "" };
}

const textWithout = (text: string, spans: readonly ApparatusSpan[]): string =>
  spans
    .map(({ start }, index) => text.slice(spans[index - 1]?.end ?? 0, start))
    .concat(text.slice(spans.at(-1)?.end ?? 0))
    .join("");

/** A paragraph, with the index of its label or -1. */
interface Labelled extends Omit<Paragraph, "index"> {
  readonly label: number;
}

/**
 * Moves paragraphs to where they are in the text without labels. A label above a speech, and a
 * direction between them, give the speech its label.
 */
function removeLabels(
  paragraphs: readonly Paragraph[],
  spans: readonly ApparatusSpan[],
  isDirection: (range: TextRange) => boolean,
): readonly Labelled[] {
  let [next, removed, open] = [0, 0, -1];
  return paragraphs.flatMap(({ start, end, form }) => {
    const span = spans[next];
    const isLabelled = span?.start === start;
    const label = isLabelled ? next : open;
    const from = isLabelled ? Math.min(span.end, end) : start;
    if (isLabelled) {
      removed += span.end - span.start;
      next += 1;
    }
    open = from === end || (label >= 0 && isDirection({ start: from, end })) ? label : -1;
    return from === end ? [] : [{ start: from - removed, end: end - removed, form, label }];
  });
}

interface Speech extends Paragraph {
  readonly speaker: string | null;
}

function continueSpeeches(text: string, speeches: readonly Speech[]): readonly Speech[] {
  const indents = speeches.map(({ start }) => start - 1 - text.lastIndexOf("\n", start - 1));
  const least = indents.reduce((a, b) => Math.min(a, b), Infinity);
  let last: string | null = null;
  return speeches.map((speech, index) => {
    const indent = indents[index] ?? 0;
    const isAlike = indent > least && indent === indents[index - 1];
    const isSpoken = !DIRECTION_LINE.test(text.slice(speech.start, speech.end));
    last = speech.speaker ?? (isAlike && isSpoken ? last : null);
    return { ...speech, speaker: last };
  });
}
