import { ApparatusKind, type ApparatusSpan } from "../span.js";

/** A hyphen at the end of a line, inside a word. */
const HYPHEN = /(?<=\p{L})[-‐]\n[^\S\n]*(?=\p{Ll})/gu;

/** Finds what the end of a line or a page has put into a sentence. */
export const findPageMarks = (text: string): readonly ApparatusSpan[] =>
  Array.from(text.matchAll(HYPHEN), ({ 0: found, index }) => ({
    kind: ApparatusKind.Hyphenation,
    start: index,
    end: index + found.length,
    said: "",
  }));
