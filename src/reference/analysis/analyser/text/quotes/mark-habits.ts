import { canBeClipped, isShortened } from "./apostrophes.js";
import { type Beside, besideAfter, besideBefore, isWordBeside, Place, placeOf } from "./beside.js";
import { Family, FAMILY_COUNT, GLYPHS, Habit, MARK } from "./marks.js";

/**
 * How a whole text uses its marks. Where a mark stands shows most often whether it opens or closes. The habits of the
 * text decide where its place does not show it.
 */
export interface MarkHabits {
  readonly habitOf: (glyph: string) => Habit;
  /** True if most speech is in single marks. If not, single marks need more evidence to be speech. */
  readonly isSingle: boolean;
  /** True if the text writes blanks between marks and words: " Yes, " he said. */
  readonly isSpaced: boolean;
}

interface Uses {
  opening: number;
  closing: number;
}

/** A mark has one habit if at most one of this many uses is different. */
const RARE_USE = 10;
/** A text writes blanks inside its marks if at least one of this many marks is between blanks. */
const SPACED_SHARE = 4;

const STOP = /[,.;:!?]/u;

const noUses = (): Uses => ({ opening: 0, closing: 0 });

export function findMarkHabits(text: string): MarkHabits {
  const uses = new Map<string, Uses>([...GLYPHS.keys()].map((glyph) => [glyph, noUses()]));
  const families = Array.from({ length: FAMILY_COUNT }, noUses);
  let straight = 0;
  let spaced = 0;
  MARK.lastIndex = 0;
  for (let match = MARK.exec(text); match !== null; match = MARK.exec(text)) {
    const [glyph] = match;
    const end = match.index + glyph.length;
    const family = GLYPHS.get(glyph)?.family ?? Family.Double;
    const before = besideBefore(text, match.index, 0);
    const place = placeOf(before, besideAfter(text, end, text.length));
    if (glyph === '"') {
      straight += 1;
      if (place === Place.Apart) spaced += 1;
    }
    count([uses.get(glyph), families[family]], useOf(text, end, { family, place, before }));
  }
  const habits = new Map(
    Array.from(uses, ([glyph, counted]) => [glyph, habitFrom(glyph, counted)] as const),
  );
  const quotes = families.map(({ opening, closing }) => Math.min(opening, closing));
  const singles = quotes[Family.Single] ?? 0;
  return {
    habitOf: (glyph) => habits.get(glyph) ?? Habit.Both,
    isSingle: quotes.every((found, family) => family === Family.Single || found < singles),
    isSpaced: spaced > 0 && spaced * SPACED_SHARE >= straight,
  };
}

function count(counters: readonly (Uses | undefined)[], use: keyof Uses | null): void {
  if (use === null) return;
  for (const counted of counters) if (counted) counted[use] += 1;
}

/** Returns what a mark surely does, or null. An apostrophe does nothing. */
function useOf(
  text: string,
  end: number,
  mark: { readonly family: Family; readonly place: Place; readonly before: Beside },
): keyof Uses | null {
  if (mark.place === Place.Opening) {
    return mark.family === Family.Single && isShortened(text, end) ? null : "opening";
  }
  if (mark.place !== Place.Closing) return null;
  if (mark.family !== Family.Single || !isWordBeside(mark.before)) return "closing";
  const isBeforeStop = STOP.test(text.charAt(end)) && !canBeClipped(text, end - 1);
  return isBeforeStop ? "closing" : null;
}

function habitFrom(glyph: string, { opening, closing }: Uses): Habit {
  const natural = GLYPHS.get(glyph)?.habit ?? Habit.Both;
  if (natural === Habit.Both || opening + closing === 0) return natural;
  if (closing * RARE_USE <= opening + closing) return Habit.Opens;
  return opening * RARE_USE <= opening + closing ? Habit.Closes : Habit.Both;
}
