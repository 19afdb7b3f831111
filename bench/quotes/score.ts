import type { AnalysisDocument, Segment } from "../../src/reference/analysis/analyser/index.js";
import { type Detected, NOTHING_FOUND, detectionOf, f1, sumOf } from "./detection.js";
import { canonical, mapCharacters, segmentOf } from "./match.js";
import { type GoldQuote, type Novel, QUOTE_TYPES, type QuoteType } from "./pdnc.js";

export interface Tally {
  right: number;
  total: number;
}

export interface Score extends Detected {
  readonly byType: Readonly<Record<QuoteType, Tally>>;
  readonly knownCharacters: number;
  readonly mainCharacters: number;
  readonly words: number;
  readonly seconds: number;
}

/** A gold quote, where the document has the quote, and whether its speaker is the gold speaker. */
export interface JudgedQuote {
  readonly quote: GoldQuote;
  readonly segment: Segment | undefined;
  readonly isRight: boolean;
}

/** Compares the speaker of each gold quote with the speaker in the document. */
export function judgeQuotes(novel: Novel, document: AnalysisDocument): JudgedQuote[] {
  const goldOf = mapCharacters(novel, document);
  const dialogue = document.segments.filter((segment) => segment.kind === "dialogue");
  return novel.quotes.map((quote) => {
    const segment = segmentOf(dialogue, quote);
    const isRight = canonical(novel, quote.speaker) === goldOf.get(segment?.speakerId ?? "");
    return { quote, segment, isRight };
  });
}

export function scoreNovel(
  novel: Novel,
  document: AnalysisDocument,
  { judged, seconds }: { readonly judged: readonly JudgedQuote[]; readonly seconds: number },
): Score {
  const byType = noTallies();
  for (const { quote, isRight } of judged) {
    byType[quote.type].total += 1;
    if (isRight) byType[quote.type].right += 1;
  }
  const main = novel.characters.filter(({ category }) => category !== "minor");
  const known = new Set(mapCharacters(novel, document).values());
  return {
    ...detectionOf(novel, document),
    ...{ byType, seconds, words: document.wordCount },
    mainCharacters: main.length,
    knownCharacters: main.filter(({ name }) => known.has(name)).length,
  };
}

const noTallies = (): Record<QuoteType, Tally> => ({
  Explicit: { right: 0, total: 0 },
  Anaphoric: { right: 0, total: 0 },
  Implicit: { right: 0, total: 0 },
});

const NO_SCORE: Score = {
  ...{ byType: noTallies(), pieces: NOTHING_FOUND, speeches: NOTHING_FOUND },
  ...{ knownCharacters: 0, mainCharacters: 0, words: 0, seconds: 0 },
};

export function totalOf(scores: readonly Score[]): Score {
  return scores.reduce((total, score) => {
    const byType = noTallies();
    for (const type of QUOTE_TYPES) {
      byType[type].right = total.byType[type].right + score.byType[type].right;
      byType[type].total = total.byType[type].total + score.byType[type].total;
    }
    return {
      byType,
      pieces: sumOf(total.pieces, score.pieces),
      speeches: sumOf(total.speeches, score.speeches),
      mainCharacters: total.mainCharacters + score.mainCharacters,
      knownCharacters: total.knownCharacters + score.knownCharacters,
      words: total.words + score.words,
      seconds: total.seconds + score.seconds,
    };
  }, NO_SCORE);
}

const percent = ({ right, total }: Tally): string =>
  total === 0 ? "-" : ((100 * right) / total).toFixed(1);

function overall({ byType }: Score): Tally {
  const tallies = QUOTE_TYPES.map((type) => byType[type]);
  return {
    right: tallies.reduce((sum, { right }) => sum + right, 0),
    total: tallies.reduce((sum, { total }) => sum + total, 0),
  };
}

export const SCORE_HEADING =
  "novel\tquote F1\tof segments\tspeaker %\texplicit\tanaphoric\timplicit\tmain characters\twords/s";

export function describeScore(name: string, score: Score): string {
  return [
    name.padEnd(30),
    f1(score.speeches).toFixed(3),
    f1(score.pieces).toFixed(3),
    percent(overall(score)),
    ...QUOTE_TYPES.map((type) => percent(score.byType[type])),
    (score.knownCharacters / Math.max(1, score.mainCharacters)).toFixed(3),
    Math.round(score.words / Math.max(score.seconds, 1e-9)).toString(),
  ].join("\t");
}

export function describeError(novel: Novel, { quote, segment }: JudgedQuote): string {
  const [start, end] = quote.spans[0] ?? [0, 0];
  const context = novel.text
    .slice(start - 60, Math.min(end, start + 60) + 60)
    .replace(/\s+/gu, " ");
  const guess = `${segment?.speakerId ?? "nobody"} (${segment?.attribution?.method ?? "undetected"})`;
  return `${quote.type}: ${quote.speaker}, not ${guess}: ${context}`;
}
