const ELLIPSIS = "…";

/** Returns the beginning of a text, cut between words: at most `length` UTF-16 units, ellipsis included. */
export function excerptOf(text: string, length: number): string {
  const line = text.slice(0, length * 2 + ELLIPSIS.length).replace(/\s+/g, " ");
  if (line.length <= length && text.length <= length * 2) return line.trim();
  const room = line.slice(0, length - ELLIPSIS.length + 1);
  const boundary = room.lastIndexOf(" ");
  const cut = boundary > 0 ? room.slice(0, boundary) : room.slice(0, -1);
  return `${cut
    .replace(/[\p{P}\s]+$/u, "")
    .toWellFormed()
    .replace(/\uFFFD$/, "")}${ELLIPSIS}`;
}
