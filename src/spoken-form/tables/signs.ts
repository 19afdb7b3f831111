/** Signs and what is said for them. */
export const SAID_SIGNS: ReadonlyMap<string, string> = new Map([
  ["=", "equals"],
  ["+", "plus"],
  ["×", "times"],
  ["*", "times"],
  ["÷", "divided by"],
  ["<", "is less than"],
  [">", "is greater than"],
  ["≤", "is at most"],
  ["≥", "is at least"],
  ["≠", "is not"],
  ["≈", "is about"],
  ["©", "copyright"],
  ["√", "root"],
  ["∞", "infinity"],
]);

/** Words that are shortened with a stroke. */
export const SLASHED: ReadonlyMap<string, string> = new Map([
  ["and/or", "and or"],
  ["b/c", "because"],
  ["c/o", "care of"],
  ["either/or", "either or"],
  ["n/a", "not applicable"],
  ["w/", "with"],
  ["w/o", "without"],
]);
