import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCsv } from "../csv.js";

export const QUOTE_TYPES = ["Explicit", "Anaphoric", "Implicit"] as const;
export type QuoteType = (typeof QUOTE_TYPES)[number];

export interface GoldQuote {
  /** The parts of the quote with their quotation marks, each as [start, end] in UTF-16 offsets. */
  readonly spans: readonly (readonly [number, number])[];
  readonly speaker: string;
  readonly type: QuoteType;
}

export interface GoldCharacter {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly category: string;
}

/** A novel of the Project Dialogism Novel Corpus. */
export interface Novel {
  readonly text: string;
  readonly quotes: readonly GoldQuote[];
  readonly characters: readonly GoldCharacter[];
}

export function readNovel(folder: string): Novel {
  const text = readFileSync(join(folder, "novel_text.txt"), "utf8");
  const utf16 = utf16Offsets(text);
  const quotes = parseCsv(readFileSync(join(folder, "quotation_info.csv"), "utf8"));
  const characters = parseCsv(readFileSync(join(folder, "character_info.csv"), "utf8"));
  return {
    text,
    quotes: quotes.flatMap((row) => goldQuote(row, utf16)),
    characters: characters.map((row) => ({
      name: row.get("Main Name") ?? "",
      aliases: [row.get("Main Name") ?? "", ...pythonStrings(row.get("Aliases") ?? "")],
      category: row.get("Category") ?? "",
    })),
  };
}

/** Returns a function from code point offsets to UTF-16 offsets. The corpus counts code points. */
function utf16Offsets(text: string): (codePoint: number) => number {
  if (!/[\uD800-\uDBFF]/.test(text)) return (codePoint) => codePoint;
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    offsets.push(at);
    at += character.length;
  }
  return (codePoint) => offsets[codePoint] ?? text.length;
}

function goldQuote(
  row: ReadonlyMap<string, string>,
  utf16: (codePoint: number) => number,
): readonly GoldQuote[] {
  const type = QUOTE_TYPES.find((known) => known === row.get("quoteType"));
  if (type === undefined) return [];
  const spans = [...(row.get("quoteByteSpans") ?? "").matchAll(/\[(\d+), (\d+)\]/gu)].map(
    ([, start, end]): [number, number] => [utf16(Number(start)), utf16(Number(end))],
  );
  return [{ spans, speaker: row.get("speaker") ?? "", type }];
}

/** Returns the strings of a Python list or set literal. */
function pythonStrings(literal: string): readonly string[] {
  const found = literal.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/gu);
  return [...found].map(([, double, single]) => (double ?? single ?? "").replaceAll("\\'", "'"));
}
