const ROMAN = /^(?=[CLXVI])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;
const ROMAN_VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

/** Returns the value of a Roman numeral in capitals, up to 399. Null for any other word. */
export function romanNumber(word: string): number | null {
  if (!ROMAN.test(word)) return null;
  const values = Array.from(word, (letter) => ROMAN_VALUES[letter] ?? 0);
  return values.reduce(
    (sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value),
    0,
  );
}

const UNITS = "one two three four five six seven eight nine".split(" ");
const ORDINAL_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split(" ");
const TEENS =
  "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const ORDINAL_TEENS =
  "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...[UNITS, ORDINAL_UNITS].flatMap((words) => words.map((word, index) => [word, index + 1])),
  ...[TEENS, ORDINAL_TEENS].flatMap((words) => words.map((word, index) => [word, index + 10])),
  ...TENS.flatMap((word, index) => [
    [word, 20 + 10 * index],
    [word.replace(/y$/u, "ieth"), 20 + 10 * index],
  ]),
] as [string, number][]);

/** Returns the value of a number word from "one" to "ninety-ninth", in any case. Null for other words. */
export function wordNumber(word: string): number | null {
  const [first = "", second, ...more] = word.toLowerCase().split(/[-\s]/u);
  const value = NUMBERS.get(first);
  if (value === undefined || more.length > 0) return null;
  if (second === undefined) return value;
  const unit = NUMBERS.get(second) ?? 0;
  return TENS.includes(first) && unit > 0 && unit < 10 ? value + unit : null;
}
