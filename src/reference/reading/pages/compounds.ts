const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u));

const UNITS = setOf(
  `one two three four five six seven eight nine first second third fourth fifth sixth seventh eighth ninth`,
);
const TENS = setOf("twenty thirty forty fifty sixty seventy eighty ninety");
const NUMBERS = setOf(
  `one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy
  eighty ninety hundred`,
);
const FRACTIONS = setOf(
  "half halves third thirds quarter quarters fourth fourths fifth fifths sixth sixths eighth eighths tenth tenths",
);

/** The short words inside compounds such as "mother-in-law" and "out-of-doors". */
const SMALL_WORDS = setOf("in of to the a an and or at on by for up off out o");

/** Second parts that keep their hyphen: "kind-hearted", "blue-eyed". */
const SECOND_PARTS = setOf(
  `aged armed backed bearded blooded bodied born bound bred built checked clad class coated collared colored
  coloured conscious cornered dressed eared educated eyed faced fashioned fated favored favoured featured
  fingered fisted fitting fledged footed haired handed headed hearted heeled humored humoured in-law kept known
  laced laden law leaved legged lived lipped looking made mannered meaning minded mouthed natured necked nosed
  off off-the paced pitched possessed proud read ridden scented seated shaped shouldered sided sighted sized
  skinned sleeved soled spirited spoken stricken striken tailed tempered throated timbered toned tongued
  trained tuned washed willed winded winged witted worn`,
);

/** First parts that keep their hyphen, and the ends of words that only look like them: "self-ish", "half-way". */
const FIRST_PARTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["well", setOf("ington s")],
  ["self", setOf("ish ishly ishness less lessly lessness same hood")],
  ["half", setOf("way penny pence pennies time hearted")],
]);
const GREAT = /^(?:grand|aunt|uncle|nephew|niece|great)/u;

/** Prefixes that keep their hyphen before the letter that they end with: "co-operate", "re-enter". */
const VOWEL_PREFIX = /^(?:re|co|pre|anti|semi|de|pro)$/u;

/** Words that end with a hyphen because the end of a later word belongs to them: "pre- and postwar". */
const SUSPENDED =
  /^(?:pre|post|pro|anti|inter|intra|sub|super|over|under|non|semi|multi|mid|upper|lower|short|long|high|low|left|right|first|second|third|\p{L}+th|\p{L}+ty|\p{L}*one|two|three|four|five|six|seven|eight|nine|ten|vor|nach|haupt|ein|aus)$/u;
const CONJUNCTION = /^(?:and|or|to|nor|und|oder|bis|et|ou|y|e|o|en|of)$/u;

/** A letter or two that a speaker repeats: "b-but", "wh-what". */
const STAMMER = /^[^aeiouyäöü]{1,2}$/u;

/**
 * True if the hyphen of a compound stays when the compound stands in one line. Both parts are in lower case. A
 * part can have hyphens itself.
 */
export function keepsHyphen(left: string, right: string): boolean {
  const before = left.slice(left.lastIndexOf("-") + 1);
  const after = right.split("-", 1)[0] ?? right;
  return (
    isNumber(before, after, right) ||
    isPhrase(left, before, right, after) ||
    isAdjective(before, after) ||
    isSpoken(before, after)
  );
}

/** True for "twenty-one", "two-thirds" and "ten-year-old". */
const isNumber = (before: string, after: string, right: string): boolean =>
  (TENS.has(before) && UNITS.has(after)) ||
  (NUMBERS.has(before) && (FRACTIONS.has(after) || right.includes("-")));

/** True for "mother-in-law", whichever of its hyphens is at the line's end. */
const isPhrase = (left: string, before: string, right: string, after: string): boolean =>
  (left.includes("-") && SMALL_WORDS.has(before)) ||
  (right.includes("-") && SMALL_WORDS.has(after));

const isAdjective = (before: string, after: string): boolean =>
  SECOND_PARTS.has(after) ||
  FIRST_PARTS.get(before)?.has(after) === false ||
  (before === "great" && GREAT.test(after)) ||
  (VOWEL_PREFIX.test(before) && before.endsWith(after.charAt(0)));

/** True for "b-but", "T-shirt" and "a-going". */
const isSpoken = (before: string, after: string): boolean =>
  (before.length === 1 && !/^[aeiou]$/u.test(before)) ||
  (before === "a" && /in(?:g|['’])?$/u.test(after)) ||
  (STAMMER.test(before) && after.startsWith(before));

/** True if a hyphen belongs to the first part alone: "pre- and postwar", "first- or second-class". */
export const isSuspended = (left: string, right: string, next: string): boolean =>
  CONJUNCTION.test(right) && (SUSPENDED.test(left) || next.includes("-"));
