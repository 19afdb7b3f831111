import type { TextRange } from "../../../platform/text/edited-text.js";
import type { ApparatusKind, ApparatusSpan } from "../span.js";

/** Returns the range without the whitespace at its ends. Returns null if the range has no ink. */
export function inkOf(text: string, { start, end }: TextRange): TextRange | null {
  const part = text.slice(start, end);
  const trimmed = part.trimStart();
  if (trimmed === "") return null;
  const from = end - trimmed.length;
  return { start: from, end: from + trimmed.trimEnd().length };
}

/** Makes a span that is silent, or is read as `said`. */
export const spanOf = (
  kind: ApparatusKind,
  { start, end }: TextRange,
  said = "",
): ApparatusSpan => ({ kind, start, end, said });
