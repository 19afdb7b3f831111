const CURRENCIES = new Map(
  Object.entries({ "£": "pounds", "€": "euros", $: "dollars", "¥": "yen", "₹": "rupees" }),
);

const SAID_ALONE = new Map([
  ...CURRENCIES,
  ...Object.entries({
    ...{ "&": "and", "+": "plus", "=": "equals", "%": "percent", "@": "at", "§": "section" },
    ...{ "°": "degrees", "−": "minus", "×": "times", "÷": "divided by" },
  }),
]);

const LATIN = new Map(
  Object.entries({
    ...{ ß: "ss", æ: "ae", Æ: "Ae", œ: "oe", Œ: "Oe", ø: "o", Ø: "O", ł: "l", Ł: "L", đ: "d" },
    ...{ Đ: "D", ð: "th", Ð: "Th", þ: "th", Þ: "Th", ı: "i", "−": "-", "⁄": "/" },
    ...{ "‘": "'", "’": "'", ʼ: "'", "′": "'", "‐": "-", "‑": "-", "°": " degrees ", "×": "x" },
  }),
);

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/**
 * Sounds without a vowel, such as "hmm", and the words that replace them. Without these words, the
 * engine would say each letter alone.
 */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^h+m+$/i, "hum"],
  [/^m{2,}$/i, "mum"],
  [/^s+h+$/i, "shush"],
  [/^p+s+t+$/i, "pist"],
  [/^b+r{2,}$/i, "burr"],
  [/^g+r{2,}$/i, "gurr"],
  [/^z{2,}$/i, "zuz"],
  [/^t+s+k+$/i, "tisk"],
  [/^p+f+t*$/i, "pift"],
];

type Rule = readonly [RegExp, (match: RegExpExecArray) => string];

const part = (match: RegExpExecArray, index: number) => match[index] ?? "";
const currency = (sign: string) => CURRENCIES.get(sign) ?? sign;

const RULES: readonly Rule[] = [
  [/^([£€¥₹])([\d,]+)\.(\d\d)$/, (m) => `${part(m, 2)} ${currency(part(m, 1))} ${part(m, 3)}`],
  [/^([£€¥₹])(\d.*)$/, (m) => `${part(m, 2)} ${currency(part(m, 1))}`],
  [/^(.*\d)([£€¥₹$])$/, (m) => `${part(m, 1)} ${currency(part(m, 2))}`],
  [/^(.*)°C$/, (m) => `${part(m, 1)} degrees Celsius`],
  [/^(.*)°F$/, (m) => `${part(m, 1)} degrees Fahrenheit`],
  [/^#(\d.*)$/, (m) => `number ${part(m, 1)}`],
  [/^\+(\d.*)$/, (m) => `plus ${part(m, 1)}`],
  // A span of years. Without this rule the engine would say each digit alone.
  [/^(\d{4})-(\d{4})$/, (m) => `${part(m, 1)} to ${part(m, 2)}`],
  [/^(\d{4})-([01]\d)-([0-3]\d)$/, isoDate],
  [/^(\d\d?)[/.](\d\d?)[/.](\d{4})$/, (m) => m.slice(1).map(Number).join(" ")],
  // A code, such as "CA12". Without this rule the engine would read the letters as a state of the
  // USA.
  [/^([A-Z]{1,3})(\d+)$/, (m) => `${[...part(m, 1)].join(" ")} ${part(m, 2)}`],
];

function isoDate(match: RegExpExecArray): string {
  const month = MONTHS[Number(part(match, 2)) - 1];
  return month ? `${month} ${Number(part(match, 3))} ${part(match, 1)}` : match[0];
}

/** True for a sign that is said even if no word is next to it. */
export const isSaidAlone = (sign: string): boolean => SAID_ALONE.has(sign);

/**
 * Spells a word in ASCII. If the engine would say the word wrongly or not at all, writes other
 * words that it says correctly.
 * @param before the previous word of the text
 */
export function spellOut(word: string, before: string | undefined): string {
  return spellInLatin(reworded(word, before));
}

function reworded(word: string, before: string | undefined): string {
  // The engine does not say "AM" in capitals. After a number, "AM" is a time of day, as in "9 AM".
  // In other places it is the verb.
  if (word === "AM") return /\d$/.test(before ?? "") ? "a m" : "am";
  if (word === "HI") return "hi";
  const sound = SOUNDS.find(([pattern]) => pattern.test(word));
  if (sound) return sound[1];
  for (const [pattern, say] of RULES) {
    const match = pattern.exec(word);
    if (match) return say(match);
  }
  return SAID_ALONE.get(word) ?? word;
}

/** Spells a word in ASCII. Leaves out letters of scripts that have no Latin spelling. */
export function spellInLatin(word: string): string {
  return [...word.replace(/(\d)(?=[¼-¾⅐-⅞])/gu, "$1 and ").normalize("NFKD")]
    .map((char) => LATIN.get(char) ?? char)
    .join("")
    .replace(/[^\x20-\x7e]/g, "")
    .trim();
}
