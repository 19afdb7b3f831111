import { tellsStory } from "./story-words.js";

/** The lines of a printed book that name its publisher, printer, editions and rights. */
const FORMS: readonly RegExp[] = [
  /^(?:copyright|copr\.)[\s,:]*(?:©|\(c\)|\d{4}|by \p{Lu})/iu,
  /^(?:©|\(c\))\s?(?:\d{4}|\p{Lu})/u,
  /^entered according to (?:the )?act of/i,
  /^all rights (?:are )?reserved\b/i,
  /^(?:the moral right of|no part of this (?:book|publication|work) may be)/i,
  /^(?:e-?)?isbn\b/i,
  /^library of congress (?:cataloging|control|catalog)/i,
  /^(?:(?:first|second|third|fourth|fifth|sixth|new|revised) )?(?:re)?(?:published|printed|issued)\b.{0,60}\b(?:1[5-9]|20)\d\d\b/i,
  /^(?:first|second|third|fourth|fifth|sixth|\w{3,12}th|new|revised|popular|limited) (?:edition|impression|printing)\b.{0,60}$/i,
  /^(?:made and )?(?:printed|published|manufactured|typeset|bound)(?: and (?:printed|published|bound))? (?:by|in|at|for) (?:the )?\p{Lu}/iu,
];
/** Names of people, and nothing after them. */
const NAMES = String.raw`(?:\p{Lu}[\p{L}.'\u2019-]*(?![\p{L}.'\u2019-]),? ?|(?:and|de|von|of) |& ){1,8}\.?$`;
/** Lines that stand on the same page. A story can also begin with some of them. */
const LATER_FORMS: readonly RegExp[] = [
  /^this (?:book|novel|story)? ?is (?:entirely )?a work of (?:pure )?fiction/i,
  /^(?:the )?names, (?:characters|places)\b.{0,200}\b(?:fictiti|fictional|imagin|product)/i,
  /^(?:any (?:resemblance|similarity)|all (?:the )?(?:names|characters|persons))\b.{0,120}\b(?:fictiti|fictional|imagin|coinciden|unintention|living or)/i,
  new RegExp(
    String.raw`^(?:[Cc]over|[Jj]acket|[Bb]ook|[Ii]nterior) (?:[Dd]esign|[Aa]rt|[Aa]rtwork|[Ii]llustration|[Ii]mage|[Pp]hotograph|[Ll]ayout)s?(?: and \w{3,14})?(?:$|:? (?:by |\u00a9 |copyright )?(?:\d{4} )?(?:by )?${NAMES})`,
    "u",
  ),
  new RegExp(
    String.raw`^(?:[Ee]dited|[Dd]esigned|[Ii]llustrated|[Ff]ormatted|[Tt]ypeset) .{0,40}by ${NAMES}`,
    "u",
  ),
  /^(?:https?:\/\/|www\.)\S{1,100}$/i,
  /^for (?:more |further )?(?:information|permissions?)\b.{0,200}(?:permission to|reproduc|publish|www\.|https?:|@|discounts|& |\b(?:inc|ltd|books)\b)/i,
  /^(?:e-?book|kindle|paperback|hardcover|smashwords) (?:edition|isbn)\b/i,
  /^(?:\d{1,2} ){3,20}\d{1,2}$/,
];
/** A sentence of its own. A story's people can also say these words. */
const RIGHTS =
  /(?:^|[.\n]\s*)all rights reserved[.\s]*(?:$|\n|no part|except|reproduction|(?:first |re)?(?:published|printed)|, including (?:the right|that) (?:of|to))/i;
const NUMBER = /\bISBN(?:-1[03])?:? ?[\dX-]{9,}/iu;
const LONGEST = 500;
const LONGEST_RIGHTS = 1200;

const FIRM =
  /&|\b(?:publish(?:ers?|ing)|press|and (?:co|company|sons?)|brothers|bros|limited|ltd|inc|printers?|verlag|éditeurs?)\b/i;
/** A printer's line: "The Quay Press, Norwood, Mass." */
const PRINTER =
  /^[^,]{3,40}\b(?:Press|PRESS|Print(?:ing|ers?)|PRINTERS?|Company|COMPANY|Limited|LIMITED|Ltd|Co)\b\.?,\s\p{Lu}/u;
const YEAR = /^[^\p{L}\d]*(?:(?:1[5-9]|20)\d\d|M[DCLXVI]{2,})[^\p{L}\d]*$/u;
const LAST_YEAR = / (?:1[5-9]|20)\d\d\.?$/;
const PLACE = /^\p{Lu}[\p{L} .]{2,30}:(?:\s|$)/u;
const SENTENCE = /\p{Ll}{3}[.!?]["”’]?$/u;
const LONGEST_LINE = 70;
const MOST_LINES = 8;

const SPEECH = /["\u201c\u201d\u00ab\u00bb]/;
const STOP = /[.!?\u2026:;,\u2014-]['\u2019)]*$/u;
/** What no story says, so that a sentence with it is an imprint. */
const SIGNS: readonly RegExp[] = [
  /(?:\\u00a9|\\(c\\)) ?(?:19|20)\\d\\d|\\bISBN\\b/iu,
  /\b(?:reproduced|retrieval system|(?:written|prior) permission|act of (?:congress|parliament)|library of congress|copyright, designs|moral right of the author)\b/i,
  /\bin (?:the )?(?:Great Britain|United (?:States(?: of America)?|Kingdom)|U\. ?S\. ?A|U\. ?K|USA|UK|England|Scotland|Ireland|Germany|America|Canada|Australia|France)\b[^\p{Ll}]{0,20}$/u,
];
/** The name of a firm, and no further clause. */
const FIRM_NAME =
  /^(?!.*[,:;] (?:the|it|this|that|so|such|but|and|yet) \p{Ll}).*(?:& \p{Lu}|\p{Lu}[\p{L}.']*,? (?:and )?(?:Press|Publish(?:ers?|ing)|Co|Company|Sons?|Brothers|Bros|Limited|Ltd|Inc|Print(?:ers?|ing)|Verlag)\b)/su;
/** "Copyright, 1894, by Nell Ardent.": a year, and otherwise only names and the words of an imprint. */
const HAS_YEAR = /\b(?:1[5-9]|20)\d\d\b|\u00a9/u;
const USUAL =
  /^(?:[^\p{L}]|\p{Lu}\p{L}*(?!\p{L})|['\u2019]s(?!\p{L})|(?:by|in|at|of|and|the|for|de|von|first|second|third|fourth|fifth|sixth|new|(?:re)?(?:published|printed|issued)|made|bound|manufactured|edition|impression|printing|all|rights|reserved|copyright)(?!\p{L}))*$/u;

interface ImprintCandidate {
  readonly words: string;
  readonly lines: readonly string[];
  /** True if an imprint has come somewhere before. */
  readonly isAfterImprint: boolean;
  /** True if an imprint is the paragraph before or after. */
  readonly isNextToImprint: boolean;
}

/** True if the paragraph names publisher, printer, edition or rights. */
export function isImprint(candidate: ImprintCandidate): boolean {
  const { words, lines, isAfterImprint } = candidate;
  if (words.length > LONGEST_RIGHTS || SPEECH.test(words) || tellsStory(words)) return false;
  return isPlain(words, lines) || (isAfterImprint && lines.every(isPrinter)) || isForm(candidate);
}

/** True if the paragraph needs no other sign. */
const isPlain = (words: string, lines: readonly string[]): boolean =>
  NUMBER.test(words) || hasRights(words, lines) || isFirm(lines);

const isPrinter = (line: string): boolean =>
  line.length <= LONGEST_LINE && PRINTER.test(line) && USUAL.test(line);

/** A sentence needs a second sign, or an imprint next to it. */
function isForm({ words, isAfterImprint, isNextToImprint }: ImprintCandidate): boolean {
  if (words.length > LONGEST) return false;
  const isLater = isAfterImprint && LATER_FORMS.some((form) => form.test(words));
  if (!isLater && !hasForm(words)) return false;
  if (!STOP.test(words) || hasSign(words)) return true;
  return isNextToImprint && (isLater || USUAL.test(words));
}

const hasForm = (words: string): boolean => FORMS.some((form) => form.test(words));

const hasSign = (words: string): boolean =>
  SIGNS.some((sign) => sign.test(words)) ||
  FIRM_NAME.test(words) ||
  (HAS_YEAR.test(words) && USUAL.test(words));

/** Where the words about rights are not the first ones, the paragraph needs another sign. */
const hasRights = (words: string, lines: readonly string[]): boolean =>
  RIGHTS.test(lines.join("\n")) && (/^all rights/i.test(words) || hasForm(words) || hasSign(words));

/** "LONDON", a firm, and a year: at least two of the three, and one of them the firm. */
function isFirm(lines: readonly string[]): boolean {
  const [first = "", last = ""] = [lines[0], lines.at(-1)];
  if (lines.length > MOST_LINES || !lines.every(isShort)) return false;
  if (!lines.some((line) => FIRM.test(line))) return false;
  const hasYear = lines.length > 1 && (YEAR.test(last) || LAST_YEAR.test(last));
  return hasYear || PLACE.test(first) || isCapital(lines);
}

const isShort = (line: string): boolean => line.length <= LONGEST_LINE && !SENTENCE.test(line);

/** A firm in capitals on more lines: "NEW YORK" and "HARTLEY & SONS, PUBLISHERS". */
const isCapital = (lines: readonly string[]): boolean =>
  lines.length > 1 &&
  lines.every((line) => line === line.toUpperCase()) &&
  lines.some((line) => /\b(?:PUBLISHERS?|PRESS|LIMITED|LTD|COMPANY|CO|BROTHERS|SONS)\b/.test(line));
