/**
 * Parses CSV (RFC 4180). Quoted fields may contain commas, line breaks and doubled quotes. The
 * first row contains the names of the columns.
 */
export function parseCsv(text: string): readonly ReadonlyMap<string, string>[] {
  const [header = [], ...rows] = parseRows(text);
  return rows
    .filter((row) => row.length === header.length)
    .map((row) => new Map(header.map((name, column) => [name, row[column] ?? ""])));
}

function parseRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gu)) {
    const [, field = "", end = ""] = match;
    if (field === "" && end === "" && row.length === 0) break;
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
