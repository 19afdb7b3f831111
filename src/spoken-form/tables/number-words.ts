import { listed } from "./words.js";

/** Words that count, before a unit: `six ft.` */
export const NUMBER_WORDS = listed(`
  one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
  nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand few several
`);

/** Words after a measure that are no noun: `the 5 km to town`, `the 30" wide door`. */
export const NO_NOUNS = listed(`
  above across and apart are as at away because before below but by could deep did down for from had has have he
  high if in into is it long more of off on or out per she square tall than that then they thick to up was we were
  when where which while who wide will with would you
`);
