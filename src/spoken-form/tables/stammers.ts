import { listed } from "./words.js";

/** The first sound of a word, by its first letters, where it differs from the letters. The first match counts. */
export const ONSETS: readonly (readonly [RegExp, string])[] = [
  [/^c[eiy]/, "s"],
  [/^ch/, "ch"],
  [/^c/, "k"],
  [/^g[eiy](?!t|v|r|f|d|g)/, "j"],
  [/^kn|^gn/, "n"],
  [/^ps/, "s"],
  [/^ph/, "f"],
  [/^qu/, "kw"],
  [/^sch/, "sk"],
  [/^sh/, "sh"],
  [/^th/, "th"],
  [/^who/, "h"],
  [/^wh/, "w"],
  [/^wr/, "r"],
  [/^x/, "z"],
];

/** Words that look like stammering and are none. */
export const NO_STAMMERS = listed(`
  a-an b-ball b-boy c-clamp c-class d-day e-edition e-exam g-girl h-hour i-i i-is m-mode p-plane s-shape s-shaped t-table t-test t-tests t-type u-union
  x-xis
`);
