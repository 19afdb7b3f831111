import { toCardinal, toOrdinal } from "n2words/en-US";

/** A longer number is said digit by digit, because nobody says its scale. */
const MOST_DIGITS = 15;

/** Says a whole number or a decimal, which may have commas between its thousands: `1,250`, `2.5`, `007`. */
export function cardinal(written: string | number): string {
  const [whole = "", fraction = ""] = String(written).replaceAll(",", "").split(".");
  const said = isDigitByDigit(whole) ? digits(whole) : toCardinal(whole || "0");
  return fraction ? `${said} point ${digits(fraction)}` : said;
}

const isDigitByDigit = (whole: string) => whole.length > MOST_DIGITS || /^0\d/.test(whole);

/** Says each digit alone. */
export const digits = (written: string) =>
  [...written.replace(/\D/g, "")].map((digit) => toCardinal(digit)).join(" ");

/** Says the place in an order: `3` is the third. */
export function ordinal(written: string | number): string {
  const number = String(written).replaceAll(",", "");
  return Number(number) === 0 || isDigitByDigit(number) ? cardinal(number) : toOrdinal(number);
}

/** Says a year in pairs: 1066 is ten sixty-six, 1905 nineteen oh five, 2003 two thousand three. */
export function year(written: string | number): string {
  const number = Number(written);
  const [century, rest] = [Math.floor(number / 100), number % 100];
  if (number < 1000 || (century % 10 === 0 && rest < 10)) return toCardinal(number);
  if (rest === 0) return `${toCardinal(century)} hundred`;
  return `${toCardinal(century)} ${yearInCentury(rest)}`;
}

/** Says the last two digits of a year: 18 is eighteen, 05 is oh five. */
export const yearInCentury = (written: string | number) =>
  Number(written) < 10 ? `oh ${toCardinal(Number(written))}` : toCardinal(Number(written));

/** True for a number of one thing. */
export const isOne = (amount: string) => /^0*1(?:\.0+)?$/.test(amount.replaceAll(",", ""));

const ROMAN_VALUES: readonly (readonly [string, number])[] = [
  ["M", 1000],
  ["CM", 900],
  ["D", 500],
  ["CD", 400],
  ["C", 100],
  ["XC", 90],
  ["L", 50],
  ["XL", 40],
  ["X", 10],
  ["IX", 9],
  ["V", 5],
  ["IV", 4],
  ["I", 1],
];

/** Returns the value of a Roman numeral in its usual form, or null for other words. */
export function romanValue(written: string): number | null {
  const numeral = written.toUpperCase();
  let [value, at] = [0, 0];
  for (const [letters, worth] of ROMAN_VALUES) {
    const most =
      letters.length === 1 && letters !== "D" && letters !== "L" && letters !== "V" ? 3 : 1;
    for (let count = 0; count < most && numeral.startsWith(letters, at); count++) {
      value += worth;
      at += letters.length;
    }
  }
  return at === numeral.length && value > 0 ? value : null;
}
