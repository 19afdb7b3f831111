import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { isSuspended, keepsHyphen } from "./compounds.js";

/** A hyphen at the end of a line. Blank lines can follow: a page break that left no other trace. */
const LINE_END = /(?<=[\p{L}\p{N}])([-‐¬\u00AD])[^\S\n]*\n\s*(?=[\p{L}\p{N}])/gu;
const WORD = /[\p{L}\p{M}\p{N}'’]+(?:[-‐][\p{L}\p{M}\p{N}'’]+)*/gu;
const PART_BEFORE = /[\p{L}\p{M}\p{N}'’‐-]*$/u;
const PART_AFTER = /^[\p{L}\p{M}\p{N}'’‐-]*/u;
const NEXT_WORD = /^\s+([\p{L}‐-]+)/u;
const POSSESSIVE = /['’]s?$/u;
/** Longer parts are no words. */
const LONGEST = 40;

/** A word that the end of a line has cut in two. */
interface CutWord {
  readonly start: number;
  readonly end: number;
  readonly sign: string;
  readonly left: string;
  readonly right: string;
  /** The word after the cut word. */
  readonly next: string;
}

/**
 * Finds the words that the end of a line has cut in two. The hyphen of a compound such as "well-known" stays: the
 * form that the rest of the text has decides, then the parts of the word.
 */
export function findHyphenations(text: string): readonly ApparatusSpan[] {
  const cuts = Array.from(text.matchAll(LINE_END), (match) => cutAt(text, match)).filter(isCut);
  if (cuts.length === 0) return [];
  const counts = countForms(text, cuts);
  return cuts.map((cut) => ({
    kind: ApparatusKind.Hyphenation,
    start: isCompound(cut, counts) ? cut.start + 1 : cut.start,
    end: cut.end,
    said: "",
  }));
}

function cutAt(text: string, { 0: found, 1: sign = "", index }: RegExpExecArray): CutWord {
  const end = index + found.length;
  const right = PART_AFTER.exec(text.slice(end, end + LONGEST))?.[0] ?? "";
  const after = end + right.length;
  return {
    start: index,
    end,
    sign,
    left: PART_BEFORE.exec(text.slice(Math.max(0, index - LONGEST), index))?.[0] ?? "",
    right,
    next: NEXT_WORD.exec(text.slice(after, after + LONGEST))?.[1] ?? "",
  };
}

const isCaps = (word: string): boolean => word === word.toUpperCase();

/** True if the hyphen and the next line belong to one word. A number goes on only with a number. */
function isCut({ sign, left, right, next }: CutWord): boolean {
  // Between the parts can stand a running head that nothing else shows.
  if (sign === "\u00AD") return isCaps(left) || /^[\p{Ll}\p{N}]/u.test(right);
  if (!isPlain(sign)) return true;
  if (/\p{N}$/u.test(left) !== /^\p{N}/u.test(right)) return false;
  return !isSuspended(left.toLowerCase(), right.toLowerCase(), next.toLowerCase());
}

/** True for a sign that can also stand inside a compound. */
const isPlain = (sign: string): boolean => sign === "-" || sign === "‐";

const joined = ({ left, right }: CutWord): string => `${left}${right}`.toLowerCase();
const hyphenated = ({ left, right }: CutWord): string => `${left}-${right}`.toLowerCase();
const withoutPossessive = (word: string): string => word.replace(POSSESSIVE, "");

/** Counts how often the text has each cut word in one line, with and without its hyphen. */
function countForms(text: string, cuts: readonly CutWord[]): ReadonlyMap<string, number> {
  const forms = cuts.flatMap((cut) => [joined(cut), hyphenated(cut)]);
  const counts = new Map(forms.map((form) => [withoutPossessive(form), 0]));
  for (const [word] of text.matchAll(WORD)) {
    const form = withoutPossessive(word.toLowerCase().replaceAll("‐", "-"));
    const count = counts.get(form);
    if (count !== undefined) counts.set(form, count + 1);
  }
  return counts;
}

function isCompound(cut: CutWord, counts: ReadonlyMap<string, number>): boolean {
  if (!isPlain(cut.sign)) return false;
  const { left, right } = cut;
  if (/^\p{N}/u.test(right)) return true;
  const joinedCount = counts.get(withoutPossessive(joined(cut))) ?? 0;
  const hyphenatedCount = counts.get(withoutPossessive(hyphenated(cut))) ?? 0;
  if (joinedCount !== hyphenatedCount) return hyphenatedCount > joinedCount;
  // "Anglo-Saxon", but not "CHAP-TER".
  if (/^\p{Lu}/u.test(right) && !(isCaps(left) && isCaps(right))) return true;
  return keepsHyphen(left.toLowerCase(), withoutPossessive(right.toLowerCase()));
}
