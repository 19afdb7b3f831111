import { listed } from "./words.js";

/** Nouns that are counted. A number such as 1941 before one of them is no year. */
export const COUNTED = listed(`
  acres barrels books boxes bushels cannon children coins copies cows crowns days dollars ducats feet francs gallons
  guineas guns head horses hours houses inhabitants kilometers letters men metres miles minutes pages paces people
  persons pieces pounds prisoners rounds rubles sheep shillings ships soldiers souls steps stitches students times
  tons trees troops votes volunteers women words workers yards
`);
