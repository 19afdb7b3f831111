import { declareCommand } from "../src/platform/command-line/command-line.js";
import { wrong } from "../src/platform/command-line/read-words.js";
import { readScriptWords, refuse } from "./script-words.js";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { AnalysisDocument, Segment, Span } from "../src/reference/analysis/analyser/index.js";
import { analyseText } from "../src/reference/analysis/analyser/index.js";
import type { GoldQuote, Novel, QuoteType } from "./pdnc.js";
import { QUOTE_TYPES, readNovel } from "./pdnc.js";

/*
 * Measures the embedded analyser with the Project Dialogism Novel Corpus (Vishnubhotla et al. 2022,
 * https://github.com/Priya22/project-dialogism-novel-corpus). The corpus has one folder for each novel.
 * "Gold" means the answers in the corpus, which the analyser does not see. A found speaker counts as
 * right if the gold character that shares most names with the speaker says the quote in the corpus.
 */

const LINE = declareCommand({
  call: "npm run eval:analysis --",
  summary: "measures the analyser with the novels of the Project Dialogism Novel Corpus",
  options: {
    corpus: { value: "DIR", about: "the folder with one folder for each novel" },
    errors: { value: "NOVEL", about: "also prints the wrong answers in this novel" },
  },
  examples: [
    "npm run eval:analysis -- --corpus project-dialogism-novel-corpus/data",
    "npm run eval:analysis -- --corpus data --errors Emma",
  ],
});

interface Tally {
  right: number;
  total: number;
}

/** `right` is the number of gold quotes that were found with exactly their span. */
interface Detection {
  readonly right: number;
  readonly found: number;
  readonly gold: number;
}

interface Score {
  readonly byType: Record<QuoteType, Tally>;
  /** Every segment counts as a quote. */
  pieces: Detection;
  /** The segments of a long speech count as one quote. */
  speeches: Detection;
  knownCharacters: number;
  mainCharacters: number;
  words: number;
  seconds: number;
}

const NOTHING_FOUND: Detection = { right: 0, found: 0, gold: 0 };

function emptyScore(): Score {
  const byType = {
    Explicit: { right: 0, total: 0 },
    Anaphoric: { right: 0, total: 0 },
    Implicit: { right: 0, total: 0 },
  };
  const detection = { pieces: NOTHING_FOUND, speeches: NOTHING_FOUND };
  return { byType, ...detection, knownCharacters: 0, mainCharacters: 0, words: 0, seconds: 0 };
}

function scoreNovel(novel: Novel, showErrors: boolean): Score {
  const score = emptyScore();
  const started = performance.now();
  const document = analyseText(novel.text);
  score.seconds = (performance.now() - started) / 1000;
  score.words = document.wordCount;
  scoreDetection(score, novel, document);
  const goldOf = mapCharacters(novel, document);
  const dialogue = document.segments.filter((segment) => segment.kind === "dialogue");
  for (const quote of novel.quotes) {
    const segment = segmentOf(dialogue, quote);
    const gold = canonical(novel, quote.speaker);
    const guess = goldOf.get(segment?.speakerId ?? "");
    const tally = score.byType[quote.type];
    tally.total += 1;
    if (gold === guess) tally.right += 1;
    else if (showErrors) describeError(novel, quote, segment);
  }
  const main = novel.characters.filter(({ category }) => category !== "minor");
  const known = new Set(goldOf.values());
  score.mainCharacters = main.length;
  score.knownCharacters = main.filter(({ name }) => known.has(name)).length;
  return score;
}

/**
 * Counts the quotes that the analyser found with exactly the span of the corpus: once with each segment as a quote,
 * and once with the pieces of a long speech, which the analyser splits, as one quote.
 */
function scoreDetection(score: Score, novel: Novel, document: AnalysisDocument): void {
  const dialogue = document.segments.filter(({ kind }) => kind === "dialogue");
  const gold = novel.quotes.flatMap((quote) => quote.spans);
  score.pieces = scoreSpans(novel.text, gold, dialogue);
  score.speeches = scoreSpans(novel.text, gold, joinPieces(novel.text, dialogue));
}

/** Joins segments of one speech: a segment behind another without a mark of its own. */
function joinPieces(text: string, dialogue: readonly Segment[]): readonly Span[] {
  const joined: Span[] = [];
  for (const { start, end } of dialogue) {
    const open = joined.at(-1);
    const isSame = open?.end === start && !/^["“‘]/u.test(text.charAt(start));
    if (isSame) joined[joined.length - 1] = { start: open.start, end };
    else joined.push({ start, end });
  }
  return joined;
}

function scoreSpans(text: string, gold: GoldQuote["spans"], found: readonly Span[]): Detection {
  const spans = new Set(found.map(({ start, end }) => spanKey(text, start, end)));
  const right = gold.filter(([from, to]) => spans.has(spanKey(text, from, to))).length;
  return { right, found: spans.size, gold: gold.length };
}

/**
 * Returns the offsets of a span as text, without the quotation marks, dashes and whitespace at the ends
 * of the span. The corpus includes these characters in some quotes only.
 */
function spanKey(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && /[\s"“”‘’'_—-]/u.test(text.charAt(start))) start += 1;
  while (end > start && /[\s"“”‘’'_—-]/u.test(text.charAt(end - 1))) end -= 1;
  return `${String(start)}-${String(end)}`;
}

function segmentOf(dialogue: readonly Segment[], quote: GoldQuote): Segment | undefined {
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

function canonical(novel: Novel, speaker: string): string {
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
function mapCharacters(novel: Novel, document: AnalysisDocument): ReadonlyMap<string, string> {
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

function describeError(novel: Novel, quote: GoldQuote, segment: Segment | undefined): void {
  const [start, end] = quote.spans[0] ?? [0, 0];
  const context = novel.text
    .slice(start - 60, Math.min(end, start + 60) + 60)
    .replace(/\s+/gu, " ");
  const guess = `${segment?.speakerId ?? "nobody"} (${segment?.attribution?.method ?? "undetected"})`;
  console.log(`${quote.type}: ${quote.speaker}, not ${guess}: ${context}`);
}

function percent(tally: Tally): string {
  return tally.total === 0 ? "-" : ((100 * tally.right) / tally.total).toFixed(1);
}

const f1 = ({ right, found, gold }: Detection): number => (2 * right) / Math.max(1, gold + found);

function overall(score: Score): Tally {
  const tallies = QUOTE_TYPES.map((type) => score.byType[type]);
  return {
    right: tallies.reduce((sum, { right }) => sum + right, 0),
    total: tallies.reduce((sum, { total }) => sum + total, 0),
  };
}

function printScore(name: string, score: Score): void {
  const columns = [
    name.padEnd(30),
    f1(score.speeches).toFixed(3),
    f1(score.pieces).toFixed(3),
    percent(overall(score)),
    ...QUOTE_TYPES.map((type) => percent(score.byType[type])),
    (score.knownCharacters / Math.max(1, score.mainCharacters)).toFixed(3),
    Math.round(score.words / Math.max(score.seconds, 1e-9)).toString(),
  ];
  console.log(columns.join("\t"));
}

const sum = (a: Detection, b: Detection): Detection => ({
  right: a.right + b.right,
  found: a.found + b.found,
  gold: a.gold + b.gold,
});

function add(total: Score, score: Score): void {
  for (const type of QUOTE_TYPES) {
    total.byType[type].right += score.byType[type].right;
    total.byType[type].total += score.byType[type].total;
  }
  total.pieces = sum(total.pieces, score.pieces);
  total.speeches = sum(total.speeches, score.speeches);
  total.knownCharacters += score.knownCharacters;
  total.mainCharacters += score.mainCharacters;
  total.words += score.words;
  total.seconds += score.seconds;
}

function readNovels(corpus: string): readonly { readonly name: string; readonly novel: Novel }[] {
  try {
    const names = readdirSync(corpus).sort();
    return names.map((name) => ({ name, novel: readNovel(join(corpus, name)) }));
  } catch (error) {
    const { code = "", path = corpus } = error as NodeJS.ErrnoException;
    process.stderr.write(
      `${path} cannot be read (${code}); --corpus names the folder of the novels.\n`,
    );
    process.exit(1);
  }
}

function main(): void {
  const { corpus, errors } = readScriptWords(LINE).values;
  if (corpus === undefined) return refuse(wrong(LINE, "The command needs --corpus DIR."));
  const novels = readNovels(corpus);
  const total = emptyScore();
  console.log(
    "novel\tquote F1\tof segments\tspeaker %\texplicit\tanaphoric\timplicit\tmain characters\twords/s",
  );
  for (const { name, novel } of novels) {
    const score = scoreNovel(novel, errors === name);
    printScore(name, score);
    add(total, score);
  }
  printScore("total", total);
}

main();
