/** Marks that can be partners. A mark of one family inside a quote of another family is part of the quote. */
export const Family = {
  Double: 0,
  Single: 1,
  Guillemet: 2,
  Angle: 3,
  Corner: 4,
  WhiteCorner: 5,
} as const;
export type Family = (typeof Family)[keyof typeof Family];

export const FAMILY_COUNT = 6;

/** How a character is used where the text does not show it: “ opens, ” closes, " does both. */
export const Habit = { Opens: 0, Closes: 1, Both: 2 } as const;
export type Habit = (typeof Habit)[keyof typeof Habit];

interface Glyph {
  readonly family: Family;
  readonly habit: Habit;
}

const glyph = (family: Family, habit: Habit): Glyph => ({ family, habit });

export const GLYPHS: ReadonlyMap<string, Glyph> = new Map([
  ['"', glyph(Family.Double, Habit.Both)],
  ["“", glyph(Family.Double, Habit.Opens)],
  ["”", glyph(Family.Double, Habit.Closes)],
  ["„", glyph(Family.Double, Habit.Opens)],
  ["‟", glyph(Family.Double, Habit.Opens)],
  ["''", glyph(Family.Double, Habit.Both)],
  ["``", glyph(Family.Double, Habit.Opens)],
  ["‘‘", glyph(Family.Double, Habit.Opens)],
  ["’’", glyph(Family.Double, Habit.Closes)],
  [",,", glyph(Family.Double, Habit.Opens)],
  ["'", glyph(Family.Single, Habit.Both)],
  ["‘", glyph(Family.Single, Habit.Opens)],
  ["’", glyph(Family.Single, Habit.Closes)],
  ["‚", glyph(Family.Single, Habit.Opens)],
  ["‛", glyph(Family.Single, Habit.Opens)],
  ["`", glyph(Family.Single, Habit.Opens)],
  ["«", glyph(Family.Guillemet, Habit.Opens)],
  ["»", glyph(Family.Guillemet, Habit.Closes)],
  ["‹", glyph(Family.Angle, Habit.Opens)],
  ["›", glyph(Family.Angle, Habit.Closes)],
  ["「", glyph(Family.Corner, Habit.Opens)],
  ["」", glyph(Family.Corner, Habit.Closes)],
  ["『", glyph(Family.WhiteCorner, Habit.Opens)],
  ["』", glyph(Family.WhiteCorner, Habit.Closes)],
]);

/** A mark of one or two characters. Two commas are a mark only before a word. */
export const MARK = /["“”„‟«»‹›「」『』]|''|``|‘‘|’’|(?<![^\s(]),,(?=\p{L})|['‘’‚‛`]/gu;
