import type { LineTable } from "./line-table.js";

const HEAD =
  /^(?:the\s+)?(?:(?:list\s+of\s+)?(?:persons|people|characters)(?:\s+(?:of|in)\s+the\s+(?:play|drama|comedy|tragedy|story|scene)|\s+represented)?|cast(?:\s+of\s+characters)?|dramatis\s+person(?:ae|æ)|personen|personnages|personajes|personaggi|personagens|действующие\s+лица)\s*[.:]?$/iu;
const END = /^(?:act|scene|prologue|chapter|part|book|the\s+end|curtain)\b/iu;
/** What stands behind a name: "Anna, a widow", "ANNA (a widow)", "Anna — a widow". */
const BEHIND_NAME = /\s*(?:[,;:(—–]|\s-\s|\s{2,}|\.{2,}).*$|\.$/u;
const MOST_LINES = 60;
const LONGEST_LINE = 100;
const LONGEST_NAME = 40;

/** Returns the names in the text's lists of persons, in small letters: whole, and their first and last words. */
export function castOf(lines: LineTable): ReadonlySet<string> {
  const cast = new Set<string>();
  let end = 0;
  for (let line = 0; line < lines.length; line += 1) {
    const text = lines.text.slice(lines.start(line), lines.start(line) + LONGEST_LINE + 1);
    const row = text.slice(0, lines.end(line) - lines.start(line));
    if (row.length <= LONGEST_NAME && HEAD.test(row)) end = line + MOST_LINES;
    else if (line < end && isEntry(row)) addName(cast, row);
    else end = 0;
  }
  return cast;
}

const isEntry = (row: string): boolean => row.length <= LONGEST_LINE && !END.test(row);

function addName(cast: Set<string>, row: string): void {
  const name = row.replace(BEHIND_NAME, "").toLowerCase();
  if (name.length > LONGEST_NAME) return;
  const words = name.split(/\s+/u);
  for (const one of [name, words[0] ?? "", words.at(-1) ?? ""]) cast.add(one);
}
