import { declareCommand } from "../src/platform/command-line/command-line.js";
import { STORY_FILE_NAME } from "../src/reference/import/file-kind.js";
import { readScriptWords } from "./script-words.js";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { readStoryFile } from "../src/reference/import/read-story-file.js";
import { type ReadingReport, reportReading } from "./reading-report.js";

/*
 * Shows what of each text a listener will not hear: the words by kind, with examples, the lines that the
 * built-in voice cannot say, and the chapters. "LOST" means text that is neither spoken nor named: a fault.
 */

const MOST_SHOWN = 5;

const LINE = declareCommand({
  call: "npm run eval:reading --",
  summary: "shows what of each text a listener will not hear, and the chapters",
  words: {
    ...{ form: "DIR|FILE", least: 1, most: 1 },
    about: "a text, or a folder that is searched for texts at every depth",
  },
  options: {
    language: { value: "TAG", about: "the language; default what the file says, else en" },
  },
  examples: ["npm run eval:reading -- book.epub", "npm run eval:reading -- books/ --language en"],
});

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

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "EACCES" ? "You lack the right to read this file." : message;
}

function filesIn(path: string): readonly string[] {
  if (!existsSync(path)) fail(`There is no file or folder ${path}; check the path.`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => STORY_FILE_NAME.test(basename(name)))
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
  const { words, values } = readScriptWords(LINE);
  const [path = ""] = words;
  const failed: string[] = [];
  for (const file of filesIn(path)) {
    try {
      await report(file, values.language);
    } catch (error) {
      failed.push(file);
      console.log(`${file}\n  ${reasonOf(error)}`);
    }
  }
  if (failed.length > 0) fail(`${failed.length} files failed: ${failed.join(", ")}.`);
}

await main();
