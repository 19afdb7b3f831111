import { Cut } from "./cuts.js";
import { MarkForm, type PageMark } from "./mark-lines.js";

/** A line that can be the number of a page, with what is known about its place. */
export interface PlacedMark extends PageMark {
  /** Index of the line. */
  readonly line: number;
  /** UTF-16 offset of the line. */
  readonly at: number;
  /** How sure it is that the mark cuts a sentence. */
  readonly cut: Cut;
  /** True if the same running head comes with more than one number, or a head is next to the number. */
  readonly hasHead: boolean;
  /** True if a form feed is right before or behind the mark. */
  readonly isAtFeed: boolean;
  /** True if no blank line separates the mark from the line before. */
  readonly isTight: boolean;
}

/** The number of a page can be missing, but not more than 11 in a row. */
const LARGEST_STEP = 12;
/** A number can be in two sequences, of pages and of chapters. So the last three places of a number count. */
const REMEMBERED = 3;
const GAP_COST = 0.15;
const RESTART_COST = 2.5;
const SAME_FORM = 0.5;
const OTHER_LAYOUT_COST = 1;

const FORM_SCORE: Readonly<Record<MarkForm, number>> = {
  [MarkForm.Sure]: 3,
  [MarkForm.Named]: 2,
  [MarkForm.Decorated]: 1,
  [MarkForm.Headed]: 0.3,
  [MarkForm.Bare]: 0.5,
};
const CUT_SCORE: Readonly<Record<Cut, number>> = { [Cut.None]: 0, [Cut.Maybe]: 0.5, [Cut.Sure]: 2 };

interface Step {
  readonly mark: PlacedMark;
  readonly score: number;
  readonly before: Step | null;
  /** True if this mark begins a sequence. */
  readonly isFirst: boolean;
}

/**
 * Chooses the marks that count up, from one mark to the next, and returns them by sequence. A text of several
 * volumes has a sequence for each. The best choice has the most marks that look like page numbers and the fewest
 * gaps.
 */
export function findSequences(marks: readonly PlacedMark[]): readonly (readonly PlacedMark[])[] {
  const pageLength = usualPageLength(marks);
  const lastWith = new Map<number, Step[]>();
  let best: Step | null = null;
  for (const mark of marks) {
    const step = bestStep(mark, { lastWith, best, pageLength });
    const key = keyOf(mark, mark.value);
    const last = lastWith.get(key);
    if (!last) lastWith.set(key, [step]);
    else if (last.unshift(step) > REMEMBERED) last.pop();
    if (best === null || step.score > best.score) best = step;
  }
  return sequencesOf(best);
}

const SYSTEMS: readonly string[] = ["arabic", "roman", "ROMAN"] satisfies PageMark["system"][];

/** Numbers of a page have at most four digits. */
const keyOf = ({ system }: PlacedMark, value: number): number =>
  SYSTEMS.indexOf(system) * 20_000 + value;

interface Known {
  readonly lastWith: ReadonlyMap<number, readonly Step[]>;
  readonly best: Step | null;
  readonly pageLength: number | null;
}

function bestStep(mark: PlacedMark, { lastWith, best, pageLength }: Known): Step {
  const restarted = Math.max(0, (best?.score ?? 0) - RESTART_COST);
  let [before, score, isFirst] = [restarted > 0 ? best : null, restarted, true];
  for (let step = 1; step <= LARGEST_STEP; step += 1) {
    for (const last of lastWith.get(keyOf(mark, mark.value - step)) ?? []) {
      const linked = last.score + linkScore(last.mark, mark, pageLength) - GAP_COST * (step - 1);
      if (linked > score) [before, score, isFirst] = [last, linked, false];
    }
  }
  return {
    mark,
    before,
    isFirst,
    score: score + FORM_SCORE[mark.form] + CUT_SCORE[mark.cut] + Number(mark.hasHead),
  };
}

function linkScore(from: PlacedMark, to: PlacedMark, pageLength: number | null): number {
  const score =
    (from.form === to.form ? SAME_FORM : 0) - (from.isTight === to.isTight ? 0 : OTHER_LAYOUT_COST);
  if (pageLength === null) return score;
  const ratio = (to.at - from.at) / ((to.value - from.value) * pageLength);
  if (ratio > 0.5 && ratio < 1.7) return score + 1;
  return ratio < 0.2 || ratio > 4 ? score - 1.5 : score;
}

const FEWEST_PAGES = 3;

/** Returns the median length of a page, from marks that cut sentences. Null if they are too few. */
function usualPageLength(marks: readonly PlacedMark[]): number | null {
  const sure = marks.filter(({ cut }) => cut === Cut.Sure);
  const lengths: number[] = [];
  for (const [index, mark] of sure.entries()) {
    const last = sure[index - 1];
    const step = last?.system === mark.system ? mark.value - last.value : 0;
    if (last && step > 0 && step <= LARGEST_STEP) lengths.push((mark.at - last.at) / step);
  }
  lengths.sort((a, b) => a - b);
  return lengths.length < FEWEST_PAGES ? null : (lengths[lengths.length >> 1] ?? null);
}

function sequencesOf(last: Step | null): readonly (readonly PlacedMark[])[] {
  const sequences: PlacedMark[][] = [];
  let open: PlacedMark[] = [];
  for (let step = last; step !== null; step = step.before) {
    open.push(step.mark);
    if (!step.isFirst) continue;
    sequences.push(open.reverse());
    open = [];
  }
  return sequences.reverse();
}

/** Pages without any other sign than their numbers are as long as this, and count up this far. */
const SHORTEST_PAGE = 500;
const HIGHEST_PAGE = 1500;
const FEWEST_BARE = 4;

/**
 * True if a sequence numbers pages. Page numbers cut sentences, stand by running heads or are marked as numbers of
 * pages. The numbers of chapters, the days of a diary and the lines of a list do not.
 */
export function numbersPages(sequence: readonly PlacedMark[]): boolean {
  const evidence = sequence.reduce((sum, mark) => sum + evidenceOf(mark), 0);
  if (sequence.length === 1) return evidence >= 3;
  if (sequence.every(isPlain)) return isRegular(sequence);
  if (sequence[0]?.value === 1 && !sequence.some(isBetweenPages)) return false;
  if (sequence.every(isUnmarked) && !areFarApart(sequence)) return false;
  return evidence >= 2 && evidence / sequence.length >= 0.5;
}

const FORM_EVIDENCE: Readonly<Record<MarkForm, number>> = {
  [MarkForm.Sure]: 3,
  [MarkForm.Named]: 1.5,
  [MarkForm.Decorated]: 1,
  [MarkForm.Headed]: 0,
  [MarkForm.Bare]: 0,
};

const evidenceOf = ({ form, cut, hasHead, isAtFeed }: PlacedMark): number =>
  FORM_EVIDENCE[form] + CUT_SCORE[cut] + Number(hasHead) + Number(isAtFeed);

/** True for a mark that can as well be a day of a diary or a chapter's number: "12", "June 12". */
const isPlain = ({ form, cut, isAtFeed }: PlacedMark): boolean =>
  (form === MarkForm.Bare || form === MarkForm.Headed) && cut !== Cut.Sure && !isAtFeed;

/** True for a mark that can as well be a number that the story shows, such as a score or a number on a door. */
const isUnmarked = ({ form, isAtFeed }: PlacedMark): boolean =>
  (form === MarkForm.Bare || form === MarkForm.Headed) && !isAtFeed;

/** The usual distance between two numbers of pages is at least this. Shorter pages are not in books. */
const FEWEST_CHARACTERS = 120;

function areFarApart(sequence: readonly PlacedMark[]): boolean {
  const lengths = sequence.slice(1).flatMap((mark, index) => {
    const last = sequence[index];
    return last ? [(mark.at - last.at) / (mark.value - last.value)] : [];
  });
  const median = lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? 0;
  return median >= FEWEST_CHARACTERS;
}

/** True for a mark that a chapter's number cannot be. */
const isBetweenPages = ({ form, cut, isAtFeed, hasHead }: PlacedMark): boolean =>
  cut === Cut.Sure || form === MarkForm.Named || form === MarkForm.Sure || (isAtFeed && hasHead);

/** True for at least four bare numbers at similar distances, that do not begin at 1. */
function isRegular(sequence: readonly PlacedMark[]): boolean {
  const [first] = sequence;
  if (!first || first.value <= 1 || sequence.length < FEWEST_BARE) return false;
  let [shortest, longest] = [Infinity, 0];
  for (const [index, mark] of sequence.entries()) {
    const last = sequence[index - 1];
    if (mark.form !== MarkForm.Bare || mark.value > HIGHEST_PAGE) return false;
    if (!last) continue;
    const length = (mark.at - last.at) / (mark.value - last.value);
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
  }
  return shortest >= SHORTEST_PAGE && longest <= 2 * shortest;
}
