import { canBeClipped, isClipped, isDialect, isShortened, wordFrom } from "./apostrophes.js";
import { Beside, besideAfter, besideBefore, isWordBeside, Place, placeOf } from "./beside.js";
import { Family, Habit } from "./marks.js";
import { isSpeechVerb } from "./speech-tags.js";
import type { MarkHabits } from "./mark-habits.js";

/** What a mark can do in its paragraph. */
export const Role = {
  /** An apostrophe, or the sign of a measure. */
  None: 0,
  Opens: 1,
  Closes: 2,
  /** Closes an open quote, or opens a new one. */
  Both: 3,
  /** Is the apostrophe of a plural or the sign of inches, and closes a quote only if no other mark does. */
  Doubtful: 4,
  /** Closes a quote if no better mark does: a single mark after a word. */
  MayClose: 5,
  /** Opens a quote if the quote has an end. */
  MayOpen: 6,
  /** The apostrophe of a shortened word. Opens a quote only at the start of a sentence. */
  Shortens: 7,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** A mark in its paragraph. */
export interface MarkAt {
  readonly glyph: string;
  readonly family: Family;
  readonly start: number;
  readonly end: number;
}

interface Surroundings {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

interface Placed {
  readonly before: Beside;
  readonly after: Beside;
  readonly place: Place;
}

/** How many characters behind a mark are searched for a speech verb. */
const TAG_REACH = 30;
const UPPER = /\p{Lu}/u;
const LETTER = /\p{L}/u;
const WORD = /[\p{L}\p{N}]/u;
const BLANK = /[\s\uFEFF]/u;
const STOP = /[,.!?;:…]/u;
const SINGLE = "'‘’‚‛`";

/** Returns the role of a mark from its neighbours. The habits of the text decide where they do not. */
export function roleOf(around: Surroundings, mark: MarkAt, habits: MarkHabits): Role {
  if (mark.family === Family.Corner || mark.family === Family.WhiteCorner)
    return habitRole(mark, habits);
  const before = besideBefore(around.text, mark.start, around.first);
  const after = besideAfter(around.text, mark.end, around.last);
  const placed = { before, after, place: placeOf(before, after) };
  return mark.family === Family.Single
    ? singleRole(around, mark, { ...placed, habits })
    : doubleRole(around, mark, { ...placed, habits });
}

function habitRole({ glyph }: MarkAt, habits: MarkHabits): Role {
  const habit = habits.habitOf(glyph);
  if (habit === Habit.Opens) return Role.Opens;
  return habit === Habit.Closes ? Role.Closes : Role.Both;
}

type PlacedMark = Placed & { readonly habits: MarkHabits };

function doubleRole(around: Surroundings, mark: MarkAt, placed: PlacedMark): Role {
  const { before, place, habits } = placed;
  const habit = habits.habitOf(mark.glyph);
  if (place === Place.Opening) {
    const isLate = habit === Habit.Closes && STOP.test(inkBefore(around, mark.start));
    return isLate ? Role.Both : Role.Opens;
  }
  const isMeasure = before === Beside.Digit && habit !== Habit.Opens;
  if (place === Place.Closing) {
    if (isMeasure) return Role.Doubtful;
    return habit === Habit.Opens ? Role.Both : Role.Closes;
  }
  if (habit !== Habit.Both) return habitRole(mark, habits);
  return isMeasure ? Role.Doubtful : straightRole(around, mark, placed);
}

/** Returns the role of a straight mark between blanks, or between two characters. */
function straightRole(around: Surroundings, mark: MarkAt, placed: PlacedMark): Role {
  if (placed.place === Place.Apart)
    return isDitto(around, mark, placed.habits) ? Role.None : Role.Both;
  return isWordBeside(placed.before) ? Role.Closes : Role.Both;
}

/** True for a mark in a table that means "the same as above": it stands between wide blanks. */
function isDitto({ text, first, last }: Surroundings, mark: MarkAt, habits: MarkHabits): boolean {
  if (habits.isSpaced) return false;
  const isWide = (at: number): boolean =>
    at < first || at >= last || (BLANK.test(text.charAt(at)) && text.charAt(at) !== "\n");
  return isWide(mark.start - 2) && isWide(mark.end + 1);
}

/** Returns the last character before `at` that is not blank. */
function inkBefore({ text, first }: Surroundings, at: number): string {
  let near = at - 1;
  while (near > first && near > at - 3 && BLANK.test(text.charAt(near))) near -= 1;
  return near < first ? "" : text.charAt(near);
}

function singleRole(around: Surroundings, mark: MarkAt, placed: PlacedMark): Role {
  const { text } = around;
  if (isInsideWord(text, mark) || isShortAnd(text, mark)) return Role.None;
  if (placed.place === Place.Opening) return openingSingle(around, mark, placed.habits);
  if (placed.place === Place.Closing) return closingSingle(around, mark, placed);
  const habit = placed.habits.habitOf(mark.glyph);
  if (habit !== Habit.Both) return habitRole(mark, placed.habits);
  return placed.place === Place.Apart ? Role.None : Role.Both;
}

function isInsideWord(text: string, { start, end }: MarkAt): boolean {
  return start > 0 && WORD.test(text.charAt(start - 1)) && WORD.test(text.charAt(end));
}

/** True for the marks of 'n' in "rock 'n' roll". */
function isShortAnd(text: string, { start, end }: MarkAt): boolean {
  const isN = (at: number): boolean => text.charAt(at).toLowerCase() === "n";
  const isOther = (at: number): boolean => !WORD.test(text.charAt(at));
  return (
    (isN(end) && SINGLE.includes(text.charAt(end + 1)) && isOther(start - 1)) ||
    (isN(start - 1) && start >= 2 && SINGLE.includes(text.charAt(start - 2)) && isOther(start - 3))
  );
}

function openingSingle(around: Surroundings, mark: MarkAt, habits: MarkHabits): Role {
  const { text } = around;
  const isLeading = isAtSpeech(around, mark.start);
  if (isShortened(text, mark.end) || (!isLeading && isDialect(text, mark.end)))
    return Role.Shortens;
  const habit = habits.habitOf(mark.glyph);
  if (habit === Habit.Closes) return Role.Shortens;
  if (habit === Habit.Opens || isLeading) return Role.Opens;
  return UPPER.test(wordFrom(text, mark.end).charAt(0)) ? Role.Opens : Role.MayOpen;
}

/** True if speech can begin at `at`: at the start of a paragraph, or after punctuation or another mark. */
export function isAtSpeech(around: Surroundings, at: number): boolean {
  const ink = inkBefore(around, at);
  return ink === "" || !WORD.test(ink);
}

function closingSingle(around: Surroundings, mark: MarkAt, placed: PlacedMark): Role {
  const { text, last } = around;
  if (!isApostrophe(mark, placed)) return Role.Closes;
  if (isClipped(text, mark.start) || isBeforeHyphen(text, mark.end)) return Role.None;
  if (placed.before === Beside.Digit) return Role.Doubtful;
  if (canBeClipped(text, mark.start) && !isBeforeTag(text, mark.end)) {
    // The apostrophe of a plural, and then the mark: The boys’’
    return isBeforeMark(around, mark.end) ? Role.None : Role.Doubtful;
  }
  return placed.after === Beside.Blank && mark.end < last ? Role.MayClose : Role.Closes;
}

/** True if a mark can be an apostrophe: behind a word. In German, ‘ behind a word is a closing mark. */
const isApostrophe = ({ glyph }: MarkAt, { before }: Placed): boolean =>
  isWordBeside(before) && glyph !== "‘";

const isBeforeMark = ({ text, last }: Surroundings, end: number): boolean =>
  end < last && SINGLE.includes(text.charAt(end));

const isBeforeHyphen = (text: string, end: number): boolean =>
  text.charAt(end) === "-" && LETTER.test(text.charAt(end + 1));

/** True if a tag follows: 'Yes' said Anna. */
function isBeforeTag(text: string, end: number): boolean {
  const [, first = "", second = ""] =
    /^\s+(\p{L}+)\s+(\p{L}+)/u.exec(text.slice(end, end + TAG_REACH)) ?? [];
  return isSpeechVerb(first) || isSpeechVerb(second);
}
