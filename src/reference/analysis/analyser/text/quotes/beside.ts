/** What stands beside a quotation mark. */
export const Beside = {
  Blank: 0,
  Letter: 1,
  Digit: 2,
  Stop: 3,
  Bracket: 4,
  Dash: 5,
} as const;
export type Beside = (typeof Beside)[keyof typeof Beside];

/** Where a mark stands: before a word, after a word, apart from words, or between two characters. */
export const Place = { Opening: 0, Closing: 1, Apart: 2, Between: 3 } as const;
export type Place = (typeof Place)[keyof typeof Place];

const DIGIT = /\p{N}/u;
const BLANK = /[\s\uFEFF]/u;
const STOPS = ",.!?;:…)]}。、，！？；：";
const BRACKETS = "([{¿¡";
const DASHES = "—–―-‐";
/** Marks and signs of emphasis. They are no neighbours: the character behind them is. */
const SKIPPED = "\"“”„‟«»‹›'‘’‚‛`_*";
/** The most marks that are skipped. A page of marks must not take quadratic time. */
const MOST_SKIPPED = 6;

/** What can begin a quote, apart from a word. */
const OPENERS: ReadonlySet<Beside> = new Set([Beside.Bracket, Beside.Dash]);

/** Returns what stands before `at`. `first` is where the paragraph begins. */
export function besideBefore(text: string, at: number, first: number): Beside {
  const furthest = Math.max(first, at - MOST_SKIPPED);
  let near = at - 1;
  while (near >= furthest && SKIPPED.includes(text.charAt(near))) near -= 1;
  return near < first ? Beside.Blank : kindOf(text.charAt(near));
}

/** Returns what stands at `at` or after it. `last` is where the paragraph ends. */
export function besideAfter(text: string, at: number, last: number): Beside {
  const furthest = Math.min(last, at + MOST_SKIPPED);
  let near = at;
  while (near < furthest && SKIPPED.includes(text.charAt(near))) near += 1;
  if (near >= last) return Beside.Blank;
  // Three points begin a sentence that was interrupted. One point ends a sentence.
  if (text.startsWith("…", near) || text.startsWith("..", near)) return Beside.Letter;
  return kindOf(text.charAt(near));
}

function kindOf(character: string): Beside {
  if (BLANK.test(character)) return Beside.Blank;
  if (STOPS.includes(character)) return Beside.Stop;
  if (DASHES.includes(character)) return Beside.Dash;
  if (BRACKETS.includes(character)) return Beside.Bracket;
  return DIGIT.test(character) ? Beside.Digit : Beside.Letter;
}

/** Returns the place of a mark from the characters around it. */
export function placeOf(before: Beside, after: Beside): Place {
  const isWordAfter = isWordBeside(after);
  if (before === Beside.Blank || before === Beside.Bracket) {
    return isWordAfter || OPENERS.has(after) ? Place.Opening : Place.Apart;
  }
  if (before !== Beside.Dash) return isWordAfter ? Place.Between : Place.Closing;
  if (isWordAfter || after === Beside.Bracket) return Place.Opening;
  return after === Beside.Dash ? Place.Between : Place.Closing;
}

export const isWordBeside = (beside: Beside): boolean =>
  beside === Beside.Letter || beside === Beside.Digit;
