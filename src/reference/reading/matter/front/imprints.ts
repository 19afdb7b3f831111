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
/** Lines that stand on the same page. A story can also begin with some of them. */
const LATER_FORMS: readonly RegExp[] = [
  /^this (?:book|novel|story)? ?is (?:entirely )?a work of (?:pure )?fiction/i,
  /^(?:names, characters|any resemblance|all characters)\b/i,
  /^(?:cover|jacket|book|interior) (?:design|art|artwork|illustration|image|photograph|layout)s?\b.{0,80}$/i,
  /^(?:edited|designed|illustrated|formatted|typeset) .{0,40}by \p{Lu}.{0,60}$/iu,
  /^(?:https?:\/\/|www\.)\S{1,100}$/i,
  /^for (?:more )?(?:information|permissions?)\b/i,
  /^(?:e-?book|kindle|paperback|hardcover|smashwords) (?:edition|isbn)\b/i,
  /^(?:\d{1,2} ){3,20}\d{1,2}$/,
];
const RIGHTS = /\ball rights reserved\b|\bISBN(?:-1[03])?:? ?[\dX-]{9,}/iu;
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

const SPEECH = /["“”«»]/;

interface ImprintCandidate {
  readonly words: string;
  readonly lines: readonly string[];
  readonly isAfterImprint: boolean;
}

/** True if the paragraph names publisher, printer, edition or rights. */
export function isImprint({ words, lines, isAfterImprint }: ImprintCandidate): boolean {
  if (words.length > LONGEST_RIGHTS || SPEECH.test(words)) return false;
  if (RIGHTS.test(words) || isFirm(lines)) return true;
  if (isAfterImprint && lines.every((line) => line.length <= LONGEST_LINE && PRINTER.test(line)))
    return true;
  const forms = isAfterImprint ? [...FORMS, ...LATER_FORMS] : FORMS;
  return words.length <= LONGEST && forms.some((form) => form.test(words));
}

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
