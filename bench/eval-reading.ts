import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { readStoryFile } from "../src/reference/import/read-story-file.js";
import { type ReadingReport, reportReading } from "./reading-report.js";

/*
 * Shows what of each text a listener will not hear: the words by kind, with examples, the lines that the
 * built-in voice cannot say, and the chapters. "LOST" means text that is neither spoken nor named: a fault.
 * Usage: node dist/bench/eval-reading.js DIR|FILE [--language TAG]
 */

const MOST_SHOWN = 5;
const FILE = /\.(?:txt|text|md|markdown|html?|xhtml|epub|docx)$/iu;

function print(name: string, report: ReadingReport): void {
  const { wordsIn, wordsSpoken, skipped, unspoken, unsaid, lost, chapters } = report;
  const share = wordsIn === 0 ? 100 : (100 * wordsSpoken) / wordsIn;
  const counts = `${count(wordsIn)} words in, ${count(wordsSpoken)} spoken (${share.toFixed(1)} %)`;
  console.log(`${name}\n  ${counts}, ${chapters.length} chapters${list(chapters)}`);
  for (const [kind, { words, spans, examples }] of skipped) {
    console.log(
      `  ${kind.padEnd(15)} ${count(words).padStart(7)} words in ${count(spans)}${list(examples)}`,
    );
  }
  if (unspoken.length > 0)
    console.log(`  unspoken lines  ${count(unspoken.length).padStart(7)}${list(unspoken)}`);
  if (unsaid.length > 0)
    console.log(`  unsaid words    ${count(unsaid.length).padStart(7)}${list(unsaid)}`);
  if (lost.length > 0)
    console.log(`  LOST            ${count(lost.length).padStart(7)}${list(lost)}`);
}

const count = (number: number): string => number.toLocaleString("en");

function list(items: readonly string[]): string {
  if (items.length === 0) return "";
  const shown = items.slice(0, MOST_SHOWN).map((item) => `“${item}”`);
  return `: ${shown.join(", ")}${items.length > MOST_SHOWN ? ", …" : ""}`;
}

function filesIn(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => FILE.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function report(file: string, language: string | undefined): Promise<void> {
  const story = await readStoryFile({ fileName: basename(file), bytes: readFileSync(file) });
  const found = reportReading(story.content, language ?? story.language ?? "en");
  const chapters = story.chapters?.map(({ title }) => title) ?? found.chapters;
  print(file, { ...found, chapters });
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { language: { type: "string" } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    console.error("usage: npm run eval:reading -- DIR|FILE [--language TAG]");
    process.exitCode = 2;
    return;
  }
  for (const file of filesIn(path)) {
    try {
      await report(file, values.language);
    } catch (error) {
      console.log(`${file}\n  ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

await main();
