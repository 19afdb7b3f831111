import type { TextRange } from "../../../../platform/text/edited-text.js";
import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { hasOwnLine, spanOf, withSpace } from "../spans.js";
import { bracketPairs } from "./pairs.js";

interface NoteForm {
  readonly kind: ApparatusKind;
  /** What stands in the brackets. */
  readonly form: RegExp;
  /** True if the words are a note only on a line of their own, false if only inside a line. */
  readonly isOwnLine?: boolean;
}

const LONGEST_NOTE = 6000;
const LONGEST_CAPTION = 2000;
/** The first words in the brackets show what they are. The last ones can be the editor's name. */
const LOOK = 80;
const LOOK_BEHIND = 20;
const { Illustration, EditorNote, Footnote } = ApparatusKind;
const PICTURE =
  "(?:full[- ]page |colou?red? )?(?:picture|image|photo(?:graph)?|plate|map|drawing|diagram|figure|decoration|music|cover|portrait|facsimile|autograph|signature|emblem|vignette|head-?piece|tail-?piece|frontispiece|ornament)s?";

const BARE =
  "(?:full[- ]page )?(?:picture|map|decoration|portrait|diagram|emblem|vignette|head-?piece|tail-?piece|frontispiece|ornament)s?";

/** The forms of notes that editors and transcribers put in brackets. Other brackets belong to the story. */
const FORMS: readonly NoteForm[] = [
  {
    kind: Illustration,
    form: /^illus(?:tration|\.)?s?(?:$|\s{0,9}[:.;,(\d—–-]|\s{0,9}\n| (?:no|pl|page|facing)\b)/i,
  },
  { kind: Illustration, form: /^illustration\b/i, isOwnLine: true },
  {
    kind: Illustration,
    form: new RegExp(`^${PICTURE}(?: \\w{1,6}\\.?)?:`, "i"),
    isOwnLine: true,
  },
  {
    kind: Illustration,
    form: new RegExp(`^${BARE}$`, "i"),
    isOwnLine: true,
  },
  { kind: EditorNote, form: /^blank page\b/i },
  {
    kind: EditorNote,
    form: /^(?:side-?note|margin(?:al note|alia)?|head-?note)s?(?: \w{1,4})?:/i,
  },
  {
    kind: EditorNote,
    form: /^(?:transcribers?['’]?s?['’]?|trans(?:l(?:ator)?)?['’.]?s?|tr\.|editor['’]?s?['’]?|ed(?:itorial|s?\.)?|publisher['’]s|proofreader['’]s|pg editor['’]s) (?:foot)?notes?\b/i,
  },
  {
    kind: EditorNote,
    form: /^(?:t\.?n|transcriber|ed|editor|errat(?:a|um))\.?:/i,
  },
  { kind: EditorNote, form: /^(?:sic[.!?]?|citation needed)$/i },
  { kind: EditorNote, form: /^(?:page[- ]?head(?:ing|er)?|running head(?:line)?|catchword)s?:/i },
  { kind: Footnote, form: /^foot-?notes?(?: [\w*†‡]{1,4})?:/i, isOwnLine: false },
];

/** "--ED." at the end of a note. */
const SIGNED = /[-—–]{1,2} ?(?:ed|editor|trans|translator|tr|transcriber)s?\.?$/i;

/** Words in another script, and signs that a plain text cannot show: the words are read, the brackets are not. */
const SAID =
  /^(?:greek|hebrew|arabic|cyrillic|russian|sanskrit|syriac|coptic|runic|gothic)(?: \w{1,16})?: /i;

/** "[=a]", "[)e]", "[c,]", "[oe]": the sign around a letter that a plain text cannot show. */
const LETTER =
  /^(?:[-=:.`'´^~)(,¨˘¯/\\*]{1,2}\p{L}{1,2}|\p{L}[-=:.,`'´^~)(]|v[csznre]|o[eE]|O[eE]|a[eE]|A[eE])$/u;
const IS_LETTER = /\p{L}/u;

/** Finds illustrations, notes of editors, and notations for letters, all of them in brackets. */
export function findBracketNotes(text: string): readonly ApparatusSpan[] {
  const found: ApparatusSpan[] = [];
  let from = 0;
  for (const pair of bracketPairs(text)) {
    if (pair.start < from) continue;
    const spans = spansOf(text, pair);
    found.push(...spans);
    from = spans.at(-1)?.end ?? from;
  }
  return [...found, ...unclosedCaptions(text), ...markdownLinks(text)];
}

const LINK =
  /(!?)\[([^[\]\n]{0,300})\](\((?:https?:|mailto:|www\.|[#./]|[\w./-]{1,200}\.(?:png|jpe?g|gif|svg|webp|html?|md)\b)[^()\s]{0,500}(?: {1,4}"[^"\n]{0,200}")?\))/gi;

/** Of a link in Markdown, the words are read. Of a picture, nothing is. */
const markdownLinks = (text: string): readonly ApparatusSpan[] =>
  Array.from(text.matchAll(LINK)).flatMap(({ 0: all, 1: sign, 2: words = "", index }) => {
    const pair = { start: index, end: index + all.length };
    if (sign === "!") return [spanOf(Illustration, withSpace(text, pair))];
    const read = { start: index + 1, end: index + 1 + words.length };
    return around(pair, read, ApparatusKind.Tag);
  });

const UNCLOSED = /^\[illustration\b[^\]\n]{0,200}$/gim;
const BLANK_LINE = /^\n[^\S\n]{0,80}(?:\n|$)/;

/** A caption on a line of its own can lack its "]". */
const unclosedCaptions = (text: string): readonly ApparatusSpan[] =>
  Array.from(text.matchAll(UNCLOSED), ({ 0: line, index }) => ({
    start: index,
    end: index + line.length,
  }))
    .filter(({ end }) => end === text.length || BLANK_LINE.test(text.slice(end, end + LOOK)))
    .map((range) => spanOf(Illustration, range));

function spansOf(text: string, pair: TextRange): readonly ApparatusSpan[] {
  const length = pair.end - pair.start;
  if (length > LONGEST_NOTE) return [];
  const words = text
    .slice(pair.start + 1, Math.min(pair.end - 1, pair.start + LOOK))
    .replace(/^[\s_*]+/, "");
  if (length < LOOK && LETTER.test(words)) return letterSpans(text, pair);
  const said = SAID.exec(words)?.[0];
  if (said !== undefined) {
    const start = text.indexOf(said, pair.start) + said.length;
    return around(pair, { start, end: pair.end - 1 }, ApparatusKind.EditorNote);
  }
  const kind = kindOf(text, pair, words);
  return kind === null ? [] : [spanOf(kind, withSpace(text, pair))];
}

/** The notation of a letter touches other letters of its word: "man[oe]uvre", "[OE]dipus". */
function letterSpans(text: string, pair: TextRange): readonly ApparatusSpan[] {
  const isInWord =
    IS_LETTER.test(text.charAt(pair.start - 1)) || IS_LETTER.test(text.charAt(pair.end));
  if (!isInWord) return [];
  const words = text.slice(pair.start, pair.end);
  const start = pair.start + words.search(IS_LETTER);
  const end = start + (/^\p{L}+/u.exec(text.slice(start, pair.end))?.[0].length ?? 0);
  return around(pair, { start, end }, ApparatusKind.Character);
}

/** Returns the spans before and after the part that is read. */
const around = (
  { start, end }: TextRange,
  read: TextRange,
  kind: ApparatusKind,
): readonly ApparatusSpan[] => [
  spanOf(kind, { start, end: read.start }),
  spanOf(kind, { start: read.end, end }),
];

function kindOf(text: string, pair: TextRange, words: string): ApparatusKind | null {
  const short = pair.end - pair.start < LOOK ? words.replace(/[\s_*.]+$/, "") : words;
  const found = FORMS.find(
    ({ form, isOwnLine }) =>
      form.test(short) && (isOwnLine ?? hasOwnLine(text, pair)) === hasOwnLine(text, pair),
  );
  const isTooLong = pair.end - pair.start > LONGEST_CAPTION && found?.kind === Illustration;
  if (found !== undefined) return isTooLong ? null : found.kind;
  const end = text.slice(Math.max(pair.start, pair.end - LOOK_BEHIND), pair.end - 1);
  return SIGNED.test(end.trimEnd()) ? EditorNote : null;
}
