import { type LabelLine, LabelStyle, labelLinesOf } from "./label-lines.js";
import { castOf } from "./cast-list.js";
import { areOfOneKind, castLabels, countTurns, isExchange, keyOf } from "./stop-labels.js";
import type { LineTable } from "./line-table.js";

/** The label of a speech in a play or a tagged script. */
export interface Label extends LabelLine {
  /** The speaker as prose would write the name: "Nora" for "NORA.". */
  readonly speaker: string;
}

/** Labels with more than this between them are in different scripts. */
const MOST_PARAGRAPHS_BETWEEN = 5;
const MOST_LINES_BETWEEN = 60;
const FEWEST_TURNS = 3;

/** What the labels of each style need: turns, and the share of paragraphs that have a label. */
const NEEDS: Readonly<Record<LabelStyle, { readonly turns: number; readonly share: number }>> = {
  [LabelStyle.Capitals]: { turns: FEWEST_TURNS, share: 0.2 },
  [LabelStyle.Alone]: { turns: FEWEST_TURNS, share: 0.2 },
  [LabelStyle.Colon]: { turns: FEWEST_TURNS, share: 0.4 },
  [LabelStyle.Bracket]: { turns: FEWEST_TURNS, share: 0.4 },
  [LabelStyle.Stop]: { turns: 6, share: 0.6 },
};

/** How people talk to each other. */
const TALK = /[?!]|\b(?:I|you|your|my|me|we|us|our|thee|thou|thy)\b/iu;
/** What a speaker does: "[sighs]". */
const ACTION = /^\p{Ll}[\p{L}\s]*(?:s|ing|ed|ly)$/u;
const TALK_LENGTH = 300;

/**
 * Finds the labels of a play or a tagged script. Lines that begin like a label are labels where several follow
 * each other closely, name two speakers or more, and name some of them again. So a "Note:" or a list of terms
 * in prose has no labels.
 */
export function findLabels(lines: LineTable): readonly Label[] {
  const cast = castOf(lines);
  const found = Array.from(runsOf(lines), (run) =>
    Object.values(LabelStyle).map((style) => {
      const labels = run.filter((label) => label.style === style);
      if (isScript(lines, labels, style)) return speakersOf(labels, style, cast);
      return style === LabelStyle.Stop ? fewTurns(lines, labels, cast) : [];
    }),
  );
  return found
    .flat(2)
    .sort((a, b) => a.start - b.start)
    .filter(hasSpeech)
    .map((label) => ({ ...label, speaker: speakerOf(label.name) }));
}

/** Returns the labels of a play that has few turns: its list of the cast or their form shows them. */
function fewTurns(
  lines: LineTable,
  labels: readonly LabelLine[],
  cast: ReadonlySet<string>,
): readonly LabelLine[] {
  const listed = castLabels(lines, labels, cast);
  if (listed.length > 0) return listed;
  if (!isExchange(lines, labels)) return [];
  return areOfOneKind(labels) || talks(lines, labels, LabelStyle.Stop, 1) ? labels : [];
}

/** True if something is said below the label. In a list of the cast, the next label follows at once. */
const hasSpeech = (
  { isAlone, line }: LabelLine,
  index: number,
  labels: readonly LabelLine[],
): boolean => !isAlone || labels[index + 1]?.line !== line + 1;

function* runsOf(lines: LineTable): Generator<readonly LabelLine[]> {
  let run: LabelLine[] = [];
  for (const label of labelLinesOf(lines)) {
    const last = run.at(-1);
    if (last && !isNear(lines, last.line, label.line)) {
      yield run;
      run = [];
    }
    run.push(label);
  }
  yield run;
}

function isNear(lines: LineTable, from: number, to: number): boolean {
  if (to - from > MOST_LINES_BETWEEN) return false;
  return paragraphsBetween(lines, from, to) <= MOST_PARAGRAPHS_BETWEEN;
}

function paragraphsBetween(lines: LineTable, from: number, to: number): number {
  let count = 0;
  for (let line = from + 1; line <= to; line += 1) if (lines.isAfterBlank(line)) count += 1;
  return count;
}

function isScript(lines: LineTable, labels: readonly LabelLine[], style: LabelStyle): boolean {
  const [first, last] = [labels[0], labels.at(-1)];
  const needs = NEEDS[style];
  if (!first || !last || labels.length < needs.turns) return false;
  if (labels.some(({ name }) => ACTION.test(name))) return false;
  const turns = countTurns(labels);
  const again = labels.filter(({ name }) => (turns.get(keyOf(name)) ?? 0) > 1).length;
  if (turns.size < 2 || again * 2 < labels.length) return false;
  const paragraphs = paragraphsBetween(lines, first.line, last.line) + 1;
  const share = labels.length / Math.max(labels.length, paragraphs);
  if (share < 0.8 && labels.some(isSmall)) return false;
  return share >= needs.share && talks(lines, labels, style, share);
}

const isSmall = ({ name }: LabelLine): boolean => name === name.toLowerCase();

/** True if the lines are talk. Names in capitals need no proof, nor does a text that is all labels. */
function talks(
  { text }: LineTable,
  labels: readonly LabelLine[],
  style: LabelStyle,
  share: number,
): boolean {
  if (style === LabelStyle.Capitals || style === LabelStyle.Alone) return true;
  if (style !== LabelStyle.Stop && share >= 0.8) return true;
  const talk = labels.filter(({ end }, index) => {
    const next = labels[index + 1]?.start ?? text.length;
    return TALK.test(text.slice(end, Math.min(next, end + TALK_LENGTH)));
  });
  return talk.length >= labels.length * 0.4;
}

/** Names in capitals can speak once. "Yes." or "Remember:" in a script are speakers only if they come again. */
function speakersOf(
  labels: readonly LabelLine[],
  style: LabelStyle,
  cast: ReadonlySet<string>,
): readonly LabelLine[] {
  if (style !== LabelStyle.Stop) return labels;
  const turns = countTurns(labels);
  return labels.filter(({ name }) => (turns.get(keyOf(name)) ?? 0) > 1 || cast.has(keyOf(name)));
}

const SMALL_WORDS = new Set(["and", "of", "the", "de", "von"]);

function speakerOf(name: string): string {
  const written = name.replace(/\s+/gu, " ");
  const large = written
    .split(" ")
    .filter((word) => !SMALL_WORDS.has(word))
    .join(" ");
  if (large !== large.toUpperCase() && large !== large.toLowerCase()) return written;
  return written
    .toLowerCase()
    .split(" ")
    .map((word, index) => (index > 0 && SMALL_WORDS.has(word) ? word : capitalised(word)))
    .join(" ");
}

/** Returns a word with capitals at its start, after a hyphen, and in "O'Hara". */
const capitalised = (word: string): string =>
  word.replace(/^\p{L}|-\p{L}|['’]\p{L}(?=\p{L})/gu, (letter) => letter.toUpperCase());
