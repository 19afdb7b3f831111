/**
 * The first words of paragraphs that only libraries of electronic books write. Each form is long enough that no
 * story begins a paragraph with it.
 */
const PHRASES: readonly string[] = [
  // Project Gutenberg and its sisters
  "this e-?(?:book|text) is for the use of anyone",
  "(?:\\* )?a (?:project gutenberg (?:of australia|canada)|distributed proofreaders canada) e-?(?:book|text)",
  "copyright laws are changing all over the world",
  "this header should be the first thing seen",
  "please (?:read the .legal small print|take a look at the important information in this header|do not remove this)",
  "welcome to the world of free plain vanilla",
  "e-?(?:book|text)s readable by both humans",
  "these e-?(?:book|text)s (?:were )?prepared by",
  "information on contacting project gutenberg",
  "project gutenberg (?:of australia |canada )?e-?(?:book|text)s? (?:are|is) (?:often|usually)? ?created",
  "(?:project gutenberg|faded page) (?:of australia |canada )?e-?(?:book|text) #",
  "project gutenberg (?:of )?(?:australia|canada)$",
  "this (?:project gutenberg )?e-?(?:book|text) (?:was|is|has been) (?:prepared|produced|typed|scanned|transcribed|created|made available)",
  "this work is in the canadian public domain",
  "to contact project gutenberg",
  "(?:this site is full of free e-?books|more e-?books by this author)",
  "as part of the conversion of the book to its new digital",
  "this e-?book is made available at (?:no|very little) cost",
  "updated editions will replace the previous",
  // Standard Ebooks
  "(?:the )?standard ebooks(?:['’]s?)? logo",
  "the title ?page (?:for|of) the standard ebooks edition",
  "this ebook is the product of many hours of hard work",
  "this particular ebook is based on",
  "the (?:source text and artwork in|writing and artwork within|creators of,? and contributors to,?) this ebook",
  "standard ebooks is a volunteer",
  "the volunteer-driven standard ebooks project",
  "this (?:ebook was produced for|edition was released on .{3,60} and is based on)",
  "copyright pages exist to tell you",
  // Wikisource
  "(?:exported|generated|downloaded) from wikisource",
  "from wikisource$",
  "this e-?book comes from the online library wikisource",
  "(?:related )?sister projects?: ",
  "← ?.{1,150}$",
  "the following users contributed to this (?:book|text)",
  // Scans
  "this is a digital copy of a book that was preserved",
  "it has survived long enough for the copyright to expire",
  "marks, notations and other marginalia",
  "google is proud to partner with libraries",
  "we also ask that you:?$",
  "\\+ (?:make non-?commercial use of|refrain from automated|maintain attribution|keep it legal)",
  "google['’]s mission is to organi[sz]e",
  "digiti[sz]ed by (?:the )?(?:google|internet archive|vjoo|microsoft)",
  "(?:book )?digiti[sz]ed by google from the library",
  // Recordings
  "(?:chapter \\w{1,10} of .{3,80}\\. )?this is a librivox recording",
  "all librivox recordings are in the public domain",
  "(?:read|recorded|recording) by .{2,40} for librivox",
  "for (?:more|further) information,? or to (?:find out how to )?volunteer",
];
const BOILERPLATE = new RegExp(`^(?:${PHRASES.join("|")})`, "i");

/** True if the paragraph is unmistakably written by a library of electronic books. */
export const isBoilerplate = (words: string): boolean => BOILERPLATE.test(words);

/** The first line of an electronic book: "Project Gutenberg's The Salt Road, by Anna Merrow". */
const IDENTITY =
  /^(?:the |this )?project gutenberg(?:['’]s)?\s(?:.{0,40}\be-?(?:book|text)\b(?:.{0,150}[^.!?]|)$|.{2,150},\sby\s.{2,60}[^.!?]$)/i;
export const isIdentity = (words: string): boolean => IDENTITY.test(words);

const DONE =
  "(?:produced|prepared|created|transcribed|scanned|digiti[sz]ed|proofread|proofed|typed|converted|edited|made|derived)";
const CREDIT = new RegExp(
  `^(?:credits: |(?:this )?(?:(?:html|text|e-?text|e-?book|book|file) ?){1,2}(?:version |edition )?(?:was |is |has been |were )?${DONE}\\b` +
    `|${DONE}(?:,? \\w{2,20}){0,4} (?:by|from|for)\\b|note: (?:images of the original|project gutenberg)|images of the original)`,
  "i",
);
const CREDIT_WORDS =
  /distributed proofread|pgdp|gutenberg|\be-?texts?\b|\be-?books?\b|internet archive|scanned images|page images|page scans|images generously|transcribed from the .{3,80}edition|html version|hathitrust|google books|\S@\S+\.\w/i;
const LONGEST_CREDIT = 900;

/** True for "Produced by ..." and the like. In an electronic book a credit needs no other sign. */
export const isCredit = (words: string, isEbook: boolean): boolean =>
  words.length <= LONGEST_CREDIT &&
  CREDIT.test(words) &&
  (CREDIT_WORDS.test(words) ||
    (isEbook && /^(?:produced|prepared|credits|scanned)\b.{3,160}[^.!?]$/i.test(words)));

const NAME_KEYS =
  "title|subtitle|authors?|editor|translator|illustrator|language|publisher|subjects?";
const LIBRARY_KEYS =
  "(?:official )?release date|posting date|last updated|most recently updated|character set(?: encoding)?|encoding|original publication|credits|e-?book no\\.?|e-?text no\\.?|date (?:first|most recently|last) (?:posted|updated)|date of first publication|edition used as base for this e-?book|copyright status|project gutenberg .{0,20}#\\d+";
const NAME = new RegExp(`^(?:${NAME_KEYS}): `, "i");
const LIBRARY = new RegExp(`^\\[?(?:${LIBRARY_KEYS})(?:: |$)`, "i");
const CONTINUATION = /^(?:\[.{1,80}\]$|most recently updated)/i;

/** Counts the lines of a paragraph that are such as "Release date: May 3, 2011". Zero if one line is not. */
export function countDataLines(lines: readonly string[]): {
  all: number;
  library: number;
} {
  let [all, library] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const isLibrary = LIBRARY.test(line.trim()) || isBoilerplate(line.replace(/^[\s*]{1,9}/, ""));
    if (isLibrary) library += 1;
    if (isLibrary || NAME.test(line.trim())) all += 1;
    else if (index === 0 || !CONTINUATION.test(line)) return { all: 0, library: 0 };
  }
  return { all, library };
}
