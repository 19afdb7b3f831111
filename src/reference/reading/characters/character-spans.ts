import { EditedText } from "../../../platform/text/edited-text.js";
import { ApparatusKind, type ApparatusSpan } from "../span.js";

/** Scripts in which joiners change the letters beside them. */
const JOINING = String.raw`[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]`;
const PICTURE = String.raw`\p{Extended_Pictographic}`;

/**
 * A soft hyphen at the end of a page. Up to four lines stand between the parts of the word, so the hyphen stays
 * until the pages are read.
 */
const PAGE_END = String.raw`\xAD+[^\S\n]{0,20}\n\s{0,20}(?:[^\n]{1,80}\n\s{0,20}){1,4}\p{Ll}`;

/**
 * Each part of this pattern is a kind of character that is read in another way than it is written. Joiners and
 * variation selectors inside emoji stay, and joiners in scripts that need them.
 */
const PATTERN = new RegExp(
  [
    String.raw`(?<hyphen>\xAD+\n[^\S\n]*(?=\p{Ll}))`,
    String.raw`(?<invisible>(?:\u034F|(?!${PAGE_END})[\0-\x08\x0E-\x1F\x7F-\x84\x86-\x9F\xAD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFC]|(?<![${PICTURE}\d#*])[\uFE0E\uFE0F]|(?<!${JOINING})\u200C|(?<!${JOINING}|${PICTURE}|[\uFE0F\p{Emoji_Modifier}])\u200D|\u200D(?!${PICTURE}|${JOINING}))+)`,
    String.raw`(?<lineEnd>[\v\x85\u2028])`,
    String.raw`(?<paragraphEnd>\u2029)`,
    String.raw`(?<space>[\xA0\u1680\u2000-\u200A\u202F\u205F\u3000]+)`,
    String.raw`(?<letters>[\u017F\u0132\u0133\u01C4-\u01CC\u01F1-\u01F3\uFB00-\uFB06\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\u{1D400}-\u{1D7FF}]+)`,
  ].join("|"),
  "gu",
);

/** Finds characters that are read in another way than they are written. */
export const findCharacterSpans = (text: string): readonly ApparatusSpan[] =>
  Array.from(text.matchAll(PATTERN), ({ 0: found, index, groups = {} }) => ({
    kind: kindOf(groups),
    start: index,
    end: index + found.length,
    said: saidOf(found, groups),
  }));

/** Returns a text as its characters are read. */
export const readCharacters = (text: string): string =>
  new EditedText(
    text,
    findCharacterSpans(text).map(({ start, end, said }) => ({ start, end, text: said })),
  ).text;

type Groups = Readonly<Partial<Record<string, string>>>;

const kindOf = ({ hyphen }: Groups): ApparatusKind =>
  hyphen === undefined ? ApparatusKind.Character : ApparatusKind.Hyphenation;

function saidOf(found: string, { lineEnd, paragraphEnd, space, letters }: Groups): string {
  if (lineEnd !== undefined) return "\n";
  if (paragraphEnd !== undefined) return "\n\n";
  if (space !== undefined) return " ".repeat(found.length);
  // NFKC writes ligatures, fullwidth letters and mathematical letters as plain letters.
  return letters === undefined ? "" : found.normalize("NFKC");
}
