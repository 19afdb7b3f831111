import { ApparatusKind, type ApparatusSpan } from "../span.js";

/** Characters that a reader does not see: soft hyphens, zero-width characters and byte-order marks. */
const INVISIBLE = /[\u00AD\u200B-\u200D\u2060\uFEFF]+/gu;

/** Finds characters that are read in another way than they are written. */
export const findCharacterSpans = (text: string): readonly ApparatusSpan[] =>
  Array.from(text.matchAll(INVISIBLE), ({ 0: found, index }) => ({
    kind: ApparatusKind.Character,
    start: index,
    end: index + found.length,
    said: "",
  }));
