import { InvalidInputError } from "../errors.js";

/** A word or a phrase of a search. */
export interface SearchTerm {
  readonly text: string;
  /** True if the last word may be the beginning of a longer word. False for words in quotes and excluded words. */
  readonly begins: boolean;
  /** True if a match must not contain the term. */
  readonly excluded: boolean;
}

/** Alternatives, each with the terms that one match must have. */
export type Search = readonly (readonly SearchTerm[])[];

const MAX_LENGTH = 1_000;
const TERM = /(-?)"([^"]*)"?|(-?)([^\s"]+)/g;

/**
 * Reads what a person typed to find something. Words are the beginnings of words. A phrase stands in quotes. A hyphen
 * before a word excludes it. "or" stands between alternatives.
 * @throws InvalidInputError if the text is too long
 */
export function parseSearch(
  text: string | null | undefined,
  path = ["search"],
): Search | undefined {
  if (!text?.trim()) return undefined;
  if (text.length > MAX_LENGTH) {
    throw new InvalidInputError(
      `${path.join(".")} is longer than ${MAX_LENGTH} characters. Send fewer words.`,
      path,
    );
  }
  const alternatives: SearchTerm[][] = [[]];
  for (const term of termsOf(text)) {
    if (term === "or") alternatives.push([]);
    else alternatives.at(-1)?.push(term);
  }
  return alternatives.filter((terms) => terms.length > 0);
}

function* termsOf(text: string): Generator<SearchTerm | "or"> {
  for (const [, minus, phrase, hyphen, word = ""] of text.replace(/[“”„«»]/g, '"').matchAll(TERM)) {
    if (phrase !== undefined) {
      yield { text: phrase, begins: false, excluded: minus === "-" };
    } else if (hyphen === "" && word.toLowerCase() === "or") {
      yield "or";
    } else {
      yield { text: word, begins: hyphen === "", excluded: hyphen === "-" };
    }
  }
}

/** Returns true if each alternative has a term that a match must contain. Only such a search can rank its matches. */
export const isRankable = (search: Search): boolean =>
  search.length > 0 && search.every((terms) => terms.some(isWanted));

const isWanted = ({ text, excluded }: SearchTerm): boolean => !excluded && wordsOf(text).length > 0;

/** Returns a function that tells whether a text matches. For lists that are in memory. */
export function matcherOf(search: Search): (text: string) => boolean {
  const alternatives = search
    .map((terms) =>
      terms
        .map((term) => ({ ...term, words: wordsOf(term.text) }))
        .filter(({ words }) => words.length > 0),
    )
    .filter((terms) => terms.length > 0);
  return (text) => {
    const words = wordsOf(text);
    return alternatives.some((terms) =>
      terms.every((term) => contains(words, term.words, term.begins) !== term.excluded),
    );
  };
}

function contains(words: readonly string[], phrase: readonly string[], begins: boolean): boolean {
  const last = phrase.length - 1;
  return words.some((_word, start) =>
    phrase.every((wanted, index) => {
      const word = words[start + index];
      return begins && index === last ? word?.startsWith(wanted) : word === wanted;
    }),
  );
}

const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", þ: "th" },
  ...{ ø: "o", đ: "d", ð: "d", ł: "l", ħ: "h", ı: "i", ŋ: "n" },
};

/** Returns the words of a text without case, diacritics and punctuation, as `reference.plain_words` does in SQL. */
const wordsOf = (text: string): string[] =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[ßæœþøđðłħıŋ]/g, (letter) => LETTERS[letter] ?? letter)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
