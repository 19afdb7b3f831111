import type { AnalysisDocument, Segment } from "../../src/reference/analysis/analyser/index.js";
import type { GoldQuote, Novel } from "./pdnc.js";

/** Returns the segment of a document in which most of a gold quote stands. */
export function segmentOf(dialogue: readonly Segment[], quote: GoldQuote): Segment | undefined {
  for (const [start, end] of quote.spans) {
    const middle = (start + Math.min(end, start + 40)) / 2;
    let low = 0;
    let high = dialogue.length;
    while (low < high) {
      const at = (low + high) >> 1;
      if ((dialogue[at]?.end ?? Infinity) <= middle) low = at + 1;
      else high = at;
    }
    const found = dialogue[low];
    if (found !== undefined && found.start <= middle) return found;
  }
  return undefined;
}

function plain(name: string): string {
  const lower = name.toLowerCase().replaceAll("’", "'").replaceAll(".", "");
  return lower.replace(/^(?:the|a|an|his|her|my) /u, "").trim();
}

/** Returns the name of the gold character that has the name or alias. */
export function canonical(novel: Novel, speaker: string): string {
  const wanted = plain(speaker);
  const exact = novel.characters.find(({ name }) => plain(name) === wanted);
  const alias = novel.characters.find(({ aliases }) =>
    aliases.some((one) => plain(one) === wanted),
  );
  return (exact ?? alias)?.name ?? speaker;
}

/**
 * Maps each character that the analyser found to the gold character with which it shares the most
 * aliases.
 */
export function mapCharacters(
  novel: Novel,
  document: AnalysisDocument,
): ReadonlyMap<string, string> {
  const mapped = new Map<string, string>();
  for (const character of document.characters) {
    const names = new Set([character.canonicalName, ...character.aliases].map(plain));
    // The corpus lists "_narr" among the aliases of a first-person narrator.
    if (character.role === "narrator") names.add("_narr");
    let best = 0;
    for (const gold of novel.characters) {
      const shared = new Set(gold.aliases.map(plain).filter((alias) => names.has(alias))).size;
      const bonus =
        shared > 0 && gold.aliases.some((one) => plain(one) === plain(character.canonicalName))
          ? 0.5
          : 0;
      if (shared + bonus <= best) continue;
      best = shared + bonus;
      mapped.set(character.id, gold.name);
    }
  }
  return mapped;
}
