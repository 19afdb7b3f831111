import type { LineTable } from "./line-table.js";
import { LONG_LINE, type PageShape } from "./page-shape.js";

/** Some lines of a text: one paragraph. `to` is exclusive. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isVerse: boolean;
}

export interface Page {
  readonly lines: LineTable;
  readonly shape: PageShape;
}

/** A last line of a paragraph fills less than this share of the wrap width, in a text with blank lines. */
const SHORT = 0.75;
/** A block of more lines has several paragraphs. */
const DENSE_BLOCK = 30;
/** A line of verse is shorter. */
const VERSE_LINE = 70;
const MANY = 0.75;
const FEW = 0.1;
const HEADING =
  /^\W*(?:chapter|part|book|act|scene|stave|canto|volume|letter|[ivxlc]+|\d+)\b.{0,12}$/iu;

/** Splits the lines between two blank lines into paragraphs. */
export function splitBlock(page: Page, from: number, to: number): readonly Piece[] {
  const whole = { from, to, isVerse: false };
  if (to - from < 2) return [whole];
  const facts = readFacts(page, from, to);
  if (isLinePerParagraph(page, facts)) return splitLines(page, facts);
  if (isVerse(page, facts)) return [{ ...whole, isVerse: true }];
  if (page.shape.measures.width === Infinity) return splitLongLines(page, facts);
  const own = facts.isIndented ? withOwnMargins(page, facts) : page;
  return joinVerse(own, splitProse(own, facts)).map((piece) =>
    isVersePiece(page, piece) ? { ...piece, isVerse: true } : piece,
  );
}

/** Splits lines in a text without a wrap width. But a block of wrapped lines can stand in such a text. */
function splitLongLines({ lines }: Page, { from, to, sentenceStarts }: Facts): readonly Piece[] {
  return splitAt(
    { from, to },
    (line) =>
      sentenceStarts >= 0.8 ||
      lines.edge(line - 1) > LONG_LINE ||
      (lines.startsSentence(line) && lines.endsSentence(line - 1)),
  );
}

/** Returns the page for a block that is indented as a whole, for example a letter. */
function withOwnMargins({ lines, shape }: Page, { from, to, longest }: Facts): Page {
  let indent = Infinity;
  for (let line = from; line < to; line += 1) indent = Math.min(indent, lines.indent(line));
  return { lines, shape: shape.within(longest, indent) };
}

/** Splits at each line. But a long line of dialogue can be wrapped. */
const splitLines = ({ lines }: Page, facts: Facts): readonly Piece[] =>
  splitAt(facts, (line) => lines.startsSentence(line) || lines.endsSentence(line - 1));

/** What the lines of a block look like. Each share is of the lines below the first line, or above the last. */
interface Facts {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly sentenceStarts: number;
  readonly ended: number;
  /** The share of lines that are not full: for the whole text's width, and for the block's own. */
  readonly loose: number;
  readonly ownLoose: number;
  /** The share of lines that begin with speech after speech. */
  readonly turns: number;
  /** How many lines go on with the sentence of a full line, as wrapped prose does. */
  readonly wrapped: number;
  readonly isIndented: boolean;
  readonly longest: number;
}

function readFacts({ lines, shape }: Page, from: number, to: number): Facts {
  const longest = longestOf(lines, from, to);
  const seen = { sentenceStarts: 0, ended: 0, loose: 0, ownLoose: 0, turns: 0, wrapped: 0 };
  let isIndented = shape.isIndented(from);
  for (let line = from + 1; line < to; line += 1) {
    isIndented &&= shape.isIndented(line);
    const isStart = lines.startsSentence(line);
    const isFull = shape.isFull(line - 1);
    seen.sentenceStarts += Number(isStart);
    seen.ended += Number(lines.endsSentence(line - 1));
    seen.loose += Number(!isFull);
    seen.ownLoose += Number(!shape.isFull(line - 1, longest));
    seen.turns += Number(lines.startsSpeech(line) && lines.endsSpeech(line - 1));
    seen.wrapped += Number(isFull && !isStart);
  }
  const inner = to - from - 1;
  return {
    from,
    to,
    count: to - from,
    sentenceStarts: seen.sentenceStarts / inner,
    ended: (seen.ended + Number(lines.endsSentence(to - 1))) / (inner + 1),
    loose: seen.loose / inner,
    ownLoose: seen.ownLoose / inner,
    turns: seen.turns / inner,
    wrapped: seen.wrapped,
    isIndented,
    longest,
  };
}

function longestOf(lines: LineTable, from: number, to: number): number {
  let longest = 0;
  for (let line = from; line < to; line += 1) longest = Math.max(longest, lines.edge(line));
  return longest;
}

const isUnwrapped = ({ loose, turns }: Facts): boolean => loose >= 0.6 || turns >= 0.6;

/** True if each of some lines is a whole sentence. Wrapped lines can be so by chance, but then all are full. */
const isListOfSentences = ({ count, sentenceStarts, ended, loose, turns }: Facts): boolean =>
  count >= 4 && sentenceStarts === 1 && ended === 1 && (loose >= 0.3 || turns > 0);

/** True if every line is a paragraph: the lines are short, and each is a sentence. */
function isLinePerParagraph({ lines, shape }: Page, facts: Facts): boolean {
  const isHeading = HEADING.test(lines.text.slice(lines.start(facts.from), lines.end(facts.from)));
  return (
    !isHeading &&
    (isUnwrapped(facts) || facts.longest > LONG_LINE || isListOfSentences(facts)) &&
    facts.sentenceStarts >= 0.8 &&
    facts.ended >= 0.8 &&
    (shape.measures.endedShare >= 0.6 || !shape.measures.isVerse)
  );
}

/**
 * True for verse: most lines begin like a sentence although no line is full, or although the lines are many.
 * Verse without capitals has many lines that are not full.
 */
function isVerse({ shape }: Page, facts: Facts): boolean {
  const { count, longest, wrapped } = facts;
  const isLong = longest > VERSE_LINE && shape.measures.width > LONG_LINE;
  if (isLong || wrapped > Math.max(1, FEW * count)) return false;
  if (facts.sentenceStarts < MANY) return isVerseWithoutCapitals(facts);
  return shape.measures.isVerse || isVerseWithCapitals(facts);
}

const isVerseWithoutCapitals = ({ count, ended, loose, ownLoose }: Facts): boolean =>
  count >= 4 && ended < 0.5 && loose >= 0.8 && ownLoose >= 0.5;

function isVerseWithCapitals(facts: Facts): boolean {
  const { count, sentenceStarts, loose, ownLoose, isIndented } = facts;
  // A quotation can be indented prose, whose lines are full for their own width.
  if (isIndented && count >= 4) return sentenceStarts > 0.95 || ownLoose >= 0.5;
  return isIndented || loose >= 0.5 || (count >= 8 && sentenceStarts > 0.95);
}

const isVersePiece = (page: Page, { from, to, isVerse: isKnown }: Piece): boolean =>
  isKnown || (to - from > 1 && isVerse(page, readFacts(page, from, to)));

function splitProse(page: Page, facts: Facts): readonly Piece[] {
  const isDense = facts.count >= DENSE_BLOCK || facts.count === page.lines.length;
  if (!isDense) return splitWith(page, facts, { isDense, isSpeechLed: false });
  const pieces = splitWith(page, facts, { isDense, isSpeechLed: true });
  const hasSpeech = pieces.some((piece) => hasSpeechInside(page, piece));
  return hasSpeech ? splitWith(page, facts, { isDense, isSpeechLed: false }) : pieces;
}

const splitWith = (page: Page, facts: Facts, habits: Habits): readonly Piece[] =>
  splitAt(facts, (line) => startsParagraph(page, line, habits));

function splitAt(
  { from, to }: Pick<Piece, "from" | "to">,
  isStart: (line: number) => boolean,
): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = from;
  for (let line = from + 1; line < to; line += 1) {
    if (!isStart(line)) continue;
    pieces.push({ from: start, to: line, isVerse: false });
    start = line;
  }
  return [...pieces, { from: start, to, isVerse: false }];
}

interface Habits {
  /** True if the block has too many lines for one paragraph. */
  readonly isDense: boolean;
  /** True if quotes begin only at the start of a line. */
  readonly isSpeechLed: boolean;
}

function startsParagraph(page: Page, line: number, habits: Habits): boolean {
  const { lines, shape } = page;
  if (!lines.startsSentence(line)) return false;
  const isFull = shape.isFull(line - 1);
  if (!isFull && shape.isIndented(line - 1)) return true;
  if (shape.isIndented(line)) return !isFull || lines.endsSentence(line - 1);
  return lines.endsSentence(line - 1) && startsFlush(page, line, habits);
}

/** True if a line after the end of a sentence begins a paragraph without an indent. */
function startsFlush({ lines, shape }: Page, line: number, habits: Habits): boolean {
  if (!habits.isDense) return lines.edge(line - 1) < shape.measures.width * SHORT;
  if (!shape.isFull(line - 1)) return true;
  return lines.startsSpeech(line) && (habits.isSpeechLed || lines.endsSpeech(line - 1));
}

const SPEECH_INSIDE = /[.!?…]\s+["“„«‘—–]\s?\p{Lu}/u;

/** True if a paragraph begins with narration and goes on with a quote. */
function hasSpeechInside({ lines }: Page, { from, to }: Piece): boolean {
  if (lines.startsSpeech(from)) return false;
  for (let line = from; line < to; line += 1) {
    if (SPEECH_INSIDE.test(lines.text.slice(lines.start(line), lines.end(line)))) return true;
  }
  return false;
}

/** Joins paragraphs of one indented line into verse, if most of the lines do not end a sentence. */
function joinVerse(page: Page, pieces: readonly Piece[]): readonly Piece[] {
  const joined: (readonly Piece[])[] = [];
  let run: Piece[] = [];
  const close = (): void => {
    joined.push(joinRun(page, run));
    run = [];
  };
  for (const piece of pieces) {
    const isLine = piece.to === piece.from + 1 && page.shape.isIndented(piece.from);
    if (!isLine || !belongsToRun(page, run, piece)) close();
    if (isLine) run.push(piece);
    else joined.push([piece]);
  }
  close();
  return joined.flat();
}

/** True if a line can go on with a poem. Prose before the poem ends with a colon or a stop. */
function belongsToRun({ lines }: Page, run: readonly Piece[], { from }: Piece): boolean {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return true;
  if (lines.indent(from) < lines.indent(first.from) - 1) return false;
  const isDeeper = lines.indent(from) > lines.indent(last.from);
  const isIntroduced =
    lines.endsSentence(last.from) || lines.text[lines.end(last.from) - 1] === ":";
  return !isDeeper || !isIntroduced;
}

function joinRun({ lines }: Page, run: readonly Piece[]): readonly Piece[] {
  const [first, last] = [run[0], run.at(-1)];
  const ended = run.filter(({ from }) => lines.endsSentence(from)).length;
  if (!first || !last || run.length < 2 || ended > run.length * 0.6) return run;
  return [{ from: first.from, to: last.to, isVerse: true }];
}
