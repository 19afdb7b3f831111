/** Characters that no answer may contain: markup, and the beginning of a link. */
const UNSAFE = /[<>]|:\/\/|www\./iu;

/**
 * Returns a text of the model as one plain line. Returns null for anything that is not a short text: another
 * type, nothing but spaces, markup, links, or more than `longest` characters.
 */
export function shortText(value: unknown, longest: number): string | null {
  if (typeof value !== "string" || value.length > 4 * longest) return null;
  const line = value
    .normalize("NFC")
    .toWellFormed()
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  return line === "" || line.length > longest || UNSAFE.test(line) ? null : line;
}
