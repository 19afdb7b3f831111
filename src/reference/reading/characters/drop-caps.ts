import { ApparatusKind, type ApparatusSpan } from "../span.js";

/**
 * A letter alone at the start of a paragraph, and the rest of its word: "T HE night", or "T" above "HE night".
 * A quotation mark can stand before the letter.
 */
const APART =
  /(?<=(?:^|\n[^\S\n]{0,20}\n)[^\S\n]{0,20}["“‘«„']?)(?<initial>\p{Lu})(?<gap>[^\S\n]{1,20}|[^\S\n]{0,20}\n(?:[^\S\n]{0,20}\n)?[^\S\n]{0,20})(?<rest>\p{L}+)(?![\p{L}\p{N}])/gu;
/** A letter in brackets: "[T]he". Editors write a letter so that was lost, or that they have changed. */
const BRACKETED = /(?<![^\s"“‘«„'([—–-])(?<open>\[)\p{L}(?<close>\])(?=\p{L})/gu;
const CAPITALS = /^\p{Lu}+$/u;
const LOWER = /^\p{Ll}+$/u;
/** Letters that are words alone. */
const WORD_LETTERS = new Set("AIOEYÀÈÉÓÚÔ");
const WORD = /\p{L}+/gu;

/** Words that often begin a text. Their first letter is lost more often than the word is absent from the text. */
const FIRST_WORDS = new Set(
  `after again all although among an and any are as at be because before behind beyond both but by could dear down
  during each early eight even ever every everyone everything far few first five for four from had half has have
  having he her here high his how if in is it its just last late left let like little long many may men more
  morning most much my near never next night nine no nobody none not nothing now of old on once one only or other
  our out outside over people perhaps poor said see seven several shall she should since six so some someone
  something soon spring still such suddenly summer ten than that the their them then there these they this those
  though three through thus till time to today together tomorrow tonight toward towards two under until up upon
  very was we well went were what whatever when whenever where whether which while who whose why will winter with
  within without would year years yes yesterday yet you young your`.split(/\s+/u),
);

/** Finds what stands between a large first letter and the rest of its word. */
export function findDropCaps(text: string): readonly ApparatusSpan[] {
  const known = lazy(() => new Set(text.match(WORD)));
  const spans = Array.from(text.matchAll(APART)).flatMap(({ index, groups = {} }) => {
    const { initial = "", gap = "", rest = "" } = groups;
    if (!isOneWord({ initial, gap, rest }, known)) return [];
    const start = index + initial.length;
    return spanOf(start, start + gap.length);
  });
  const brackets = Array.from(text.matchAll(BRACKETED)).flatMap(({ 0: found, index }) => [
    spanOf(index, index + 1),
    spanOf(index + found.length - 1, index + found.length),
  ]);
  return [...spans, ...brackets].sort((a, b) => a.start - b.start);
}

interface Apart {
  readonly initial: string;
  readonly gap: string;
  readonly rest: string;
}

/**
 * True if the letter and the rest are one word: a word of the text, or a word that often comes first. "A MAN" and
 * "I WAS" are two words, so after such a letter the rest must be no word of the text. A name in capitals is one
 * word unless the rest is a name.
 */
function isOneWord({ initial, gap, rest }: Apart, known: () => ReadonlySet<string>): boolean {
  const isCapital = CAPITALS.test(rest);
  if (!isCapital && !LOWER.test(rest)) return false;
  const small = rest.toLowerCase();
  const isWord = isKnown(initial.toLowerCase() + small, known());
  if (WORD_LETTERS.has(initial)) return isWord && !isKnown(small, known());
  const isName = isCapital && rest.length > 1 && !gap.includes("\n\n") && !isKnown(small, known());
  return isWord || isName;
}

/** True if a word often comes first, or stands elsewhere in the text, with a small or a large first letter. */
const isKnown = (small: string, known: ReadonlySet<string>): boolean =>
  FIRST_WORDS.has(small) ||
  (small.length > 1 &&
    (known.has(small) || known.has(small.charAt(0).toUpperCase() + small.slice(1))));

const spanOf = (start: number, end: number): ApparatusSpan => ({
  kind: ApparatusKind.DropCap,
  start,
  end,
  said: "",
});

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
