import { listed } from "./words.js";

/** Words that count, before a unit: `six ft.` */
export const NUMBER_WORDS = listed(`
  one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
  nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand few several
`);
