import { ApparatusKind, type ApparatusSpan, ClearedText } from "../span.js";
import { findHyphenations } from "./hyphens.js";
import { findInlineMarks } from "./inline-marks.js";
import { findPageBreaks } from "./page-breaks.js";

const FINDERS = [findInlineMarks, findPageBreaks, findHyphenations];

/** Finds what the end of a line or a page has put into a sentence or between paragraphs. */
export function findPageMarks(text: string): readonly ApparatusSpan[] {
  let cleared = new ClearedText(text);
  for (const find of FINDERS) cleared = cleared.without(find(cleared.clear.text));
  return cleared.spans.map((span) =>
    span.kind === ApparatusKind.Hyphenation &&
    /[\p{L}\p{N}\f]/u.test(text.slice(span.start, span.end))
      ? { ...span, kind: ApparatusKind.PageBreak }
      : span,
  );
}
