import { requireLanguageModel } from "../../src/app/language-model.js";
import { analyseText } from "../../src/reference/analysis/analyser/index.js";
import { analyseWithModel } from "../../src/reference/analysis/model/analyse-with-model.js";
import { type Share, pairedDifference, wilson } from "./intervals.js";
import type { Novel } from "./pdnc.js";
import { judgeQuotes } from "./score.js";

/** Whether the embedded analyser and the model name the right speaker of one quote. */
type Pair = readonly [embedded: boolean, model: boolean];

interface Compared {
  readonly pairs: readonly Pair[];
  readonly tokens: number;
  readonly costMicros: number;
  readonly unusable: number;
}

const HEADING =
  "novel\tquotes\tembedded %\twith the model %\tdifference\ttokens\tcost\tunusable answers";

/**
 * Lets a language model read the beginning of each novel, and compares both analyses on the same quotes.
 * Prints each share with its 95 % confidence interval.
 */
export async function compareWithModel(
  novels: readonly { readonly name: string; readonly novel: Novel }[],
  quotes: number,
): Promise<void> {
  console.log(HEADING);
  const all: Compared[] = [];
  for (const { name, novel } of novels) {
    const compared = await compare(novel, quotes);
    console.log(describe(name, compared));
    all.push(compared);
  }
  console.log(describe("total", totalOf(all)));
}

async function compare(novel: Novel, quotes: number): Promise<Compared> {
  const embedded = judgeQuotes(novel, analyseText(novel.text));
  const { document, reading } = await analyseWithModel(novel.text, requireLanguageModel(), {
    quotes,
    signal: new AbortController().signal,
  });
  const end = document.segments[reading.linesRead - 1]?.end ?? 0;
  const model = judgeQuotes(novel, document);
  const pairs = embedded.flatMap(({ quote, isRight }, index): Pair[] => {
    const isRead = (quote.spans[0]?.[0] ?? Infinity) < end;
    return isRead ? [[isRight, model[index]?.isRight ?? false]] : [];
  });
  const { inputTokens, outputTokens, costMicros } = reading.usage;
  return { pairs, tokens: inputTokens + outputTokens, costMicros, unusable: reading.unusable };
}

const totalOf = (all: readonly Compared[]): Compared => ({
  pairs: all.flatMap(({ pairs }) => pairs),
  tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
  costMicros: all.reduce((sum, { costMicros }) => sum + costMicros, 0),
  unusable: all.reduce((sum, { unusable }) => sum + unusable, 0),
});

function describe(name: string, { pairs, tokens, costMicros, unusable }: Compared): string {
  const shareOf = (side: 0 | 1): Share =>
    wilson(pairs.filter((pair) => pair[side]).length, pairs.length);
  return [
    name.padEnd(30),
    pairs.length,
    percent(shareOf(0)),
    percent(shareOf(1)),
    percent(pairedDifference(pairs)),
    tokens,
    (costMicros / 1_000_000).toFixed(4),
    unusable,
  ].join("\t");
}

const percent = ({ share, low, high }: Share): string =>
  `${(100 * share).toFixed(1)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
