import { realpath, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { readWords, wrong } from "../platform/command-line/read-words.js";
import { StartupError } from "../platform/errors.js";
import { print, say } from "../platform/process/process.js";
import { requireLanguageModel } from "../app/language-model.js";
import { ProgressBar } from "../platform/command-line/progress-bar.js";
import type { LanguageModel } from "../providers/llm/llm.port.js";
import {
  type AnalysisDocument,
  analyseText,
  analyseWithModel,
  readStoryFile,
} from "../reference/index.js";
import { readLanguage } from "./language.js";
import { ANALYZE } from "./lines.js";
import { makeWritableFolder } from "./output-folder.js";
import { readSource, reasonOf, requireEncoding, sourcesOf } from "./story-source.js";

type Usage = AnalysisDocument["usage"];

interface Order {
  /** The source files of the documents written so far, by the names of the documents. */
  readonly names: Map<string, string>;
  readonly language: string | undefined;
  readonly encoding: string | undefined;
  readonly name: string | undefined;
  /** Reads the texts, too. */
  readonly model: LanguageModel | null;
  /**
   * The folder for the documents and the texts. If undefined, only documents are written, into the
   * current folder.
   */
  readonly out: string | undefined;
}

/**
 * Analyses each text and writes its analysis document. Reports a file that cannot be read, and
 * continues with the other files. Needs no database.
 * @throws StartupError at the end if a file failed
 */
export async function runAnalyze(given: readonly string[]): Promise<void> {
  const { words, values } = readWords(ANALYZE, given);
  const { encoding, out, name } = values;
  const model = values.model ? requireLanguageModel() : null;
  const language = readLanguage(values.language);
  requireEncoding(encoding);
  const files = await sourcesOf(words);
  if (files.length > 1 && name !== undefined) {
    throw wrong(ANALYZE, "--name belongs to one file, and there are several.");
  }
  await makeWritableFolder(out ?? ".");
  const order = { language, encoding, out, name, model, names: new Map<string, string>() };
  const failed: string[] = [];
  for (const [index, file] of files.entries()) {
    const about = `${index + 1}/${files.length} ${file}`;
    try {
      print(`${about}: ${await analyseFile(file, order)}`);
    } catch (error) {
      failed.push(file);
      say(`${about} failed: ${reasonOf(error)}`);
    }
  }
  if (failed.length === 0) return;
  throw new StartupError(`${failed.length} of ${files.length} files failed: ${failed.join(", ")}.`);
}

/**
 * Writes the document of one file. Also writes the text if the command has the option --out. Returns a
 * summary for people.
 */
async function analyseFile(file: string, { out, names, model, ...order }: Order): Promise<string> {
  const source = await readSource(file, order);
  const { content, ...read } = await readStoryFile(source);
  const language = order.language ?? read.language;
  const { document, cost } = await analyse(content, language ?? undefined, model);
  const name = parse(source.fileName).name;
  const earlier = names.get(name);
  if (earlier !== undefined) {
    throw new StartupError(
      `its document would overwrite the document of ${earlier}; rename one of the files.`,
    );
  }
  names.set(name, file);
  const target = join(out ?? ".", `${name}.json`);
  if (out !== undefined) await writeText(join(out, `${name}.txt`), { file, content });
  await writeFile(target, `${JSON.stringify(document, null, 2)}\n`);
  return `${target}, ${countsOf(document)}, text ${document.contentHash}${cost}`;
}

/** Returns the document, and a text about the cost of the model. */
async function analyse(
  text: string,
  language: string | undefined,
  model: LanguageModel | null,
): Promise<{ readonly document: AnalysisDocument; readonly cost: string }> {
  if (!model)
    return { document: analyseText(text, language === undefined ? {} : { language }), cost: "" };
  const bar = new ProgressBar("read, %:");
  const spent: Usage[] = [];
  try {
    const { document, reading } = await analyseWithModel(text, model, {
      language,
      signal: new AbortController().signal,
      onProgress: (fraction) => bar.show(Math.round(100 * fraction), 100),
      onAnswer: (usage) => spent.push(usage),
    });
    const { unusable, requests, usage } = reading;
    const useless = unusable === 0 ? "" : `, ${unusable} of ${requests} answers unusable`;
    return { document, cost: `; ${costOf(usage, model)}${useless}` };
  } catch (error) {
    const paid = spent.at(-1);
    if (!paid) throw error;
    throw new StartupError(`${reasonOf(error)} Until then, ${costOf(paid, model)}.`);
  }
}

function costOf(
  { inputTokens, outputTokens, costMicros }: Usage,
  { model, price }: LanguageModel,
): string {
  const paid = price
    ? `${(costMicros / 1_000_000).toFixed(4)} ${price.currency}`
    : "no price known";
  return `${model} read ${inputTokens} and wrote ${outputTokens} tokens (${paid})`;
}

/**
 * Writes the text that was read from `file`. Never overwrites `file` itself, because the bytes of `file`
 * may differ from the text.
 * @throws StartupError if `target` is `file`
 */
async function writeText(
  target: string,
  { file, content }: { readonly file: string; readonly content: string },
): Promise<void> {
  const existing = await realpath(target).catch(() => null);
  if (existing !== null && existing === (await realpath(file).catch(() => null))) {
    throw new StartupError(`--out would overwrite ${file}; choose another folder.`);
  }
  await writeFile(target, content);
}

const countsOf = ({ wordCount, segments, characters }: AnalysisDocument): string =>
  `${wordCount} words, ${segments.length} segments, ${characters.length} characters`;
