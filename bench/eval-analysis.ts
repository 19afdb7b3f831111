import { readdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { wrong } from "../src/platform/command-line/read-words.js";
import { analyseText } from "../src/reference/analysis/analyser/index.js";
import { compareWithModel } from "./quotes/compare.js";
import { type Novel, readNovel } from "./quotes/pdnc.js";
import {
  SCORE_HEADING,
  type Score,
  describeError,
  describeScore,
  judgeQuotes,
  scoreNovel,
  totalOf,
} from "./quotes/score.js";
import { readScriptWords, refuse } from "./script-words.js";

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
    model: { about: "compares the analyser with the language model of LLM_URL and LLM_MODEL" },
    quotes: {
      value: "N",
      about: "the model reads about so many quotes at the beginning of each novel; default 200",
    },
  },
  notes: ["With --model, the texts of the novels are sent to the endpoint, which may cost money."],
  examples: [
    "npm run eval:analysis -- --corpus project-dialogism-novel-corpus/data",
    "npm run eval:analysis -- --corpus data --errors Emma",
    "LLM_URL=http://127.0.0.1:11434/v1 LLM_MODEL=qwen3:8b npm run eval:analysis -- --corpus data --model --quotes 300",
  ],
});

interface NamedNovel {
  readonly name: string;
  readonly novel: Novel;
}

function measure({ name, novel }: NamedNovel, showErrors: boolean): Score {
  const started = performance.now();
  const document = analyseText(novel.text);
  const seconds = (performance.now() - started) / 1000;
  const judged = judgeQuotes(novel, document);
  if (showErrors) {
    for (const each of judged) if (!each.isRight) console.log(describeError(novel, each));
  }
  const score = scoreNovel(novel, document, { judged, seconds });
  console.log(describeScore(name, score));
  return score;
}

function readNovels(corpus: string): readonly NamedNovel[] {
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

const DEFAULT_QUOTES = 200;

async function main(): Promise<void> {
  const { corpus, errors, model, quotes } = readScriptWords(LINE).values;
  if (corpus === undefined) return refuse(wrong(LINE, "The command needs --corpus DIR."));
  if (quotes !== undefined && !/^[1-9]\d{0,5}$/.test(quotes)) {
    return refuse(wrong(LINE, `--quotes needs a number of quotes, not "${quotes}".`));
  }
  const novels = readNovels(corpus);
  if (model) return compareWithModel(novels, Number(quotes ?? DEFAULT_QUOTES));
  console.log(SCORE_HEADING);
  const scores = novels.map((each) => measure(each, errors === each.name));
  console.log(describeScore("total", totalOf(scores)));
}

await main();
