import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { StartupError } from "../platform/errors.js";
import { say } from "../platform/process.js";
import { analyseText, readTextFile } from "../reference/index.js";
import { parseArguments } from "./arguments.js";

const USAGE = "usage: npm run -s analyze -- FILE|DIR [--out DIR]    writes NAME.json for each text";

/** Analyses each text and writes its analysis document. Needs no database. */
export async function runAnalyze(words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArguments(words, { out: { type: "string" } }, USAGE);
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new StartupError(USAGE);
  const files = await textsIn(path);
  const out = values.out ?? ".";
  await mkdir(out, { recursive: true });
  for (const [index, file] of files.entries()) {
    const { title, content } = readTextFile(await readFile(file), basename(file));
    const document = analyseText(content, { title });
    const target = join(out, `${basename(file, extname(file))}.json`);
    await writeFile(target, `${JSON.stringify(document, null, 2)}\n`);
    say(
      `${index + 1}/${files.length} ${target}: ${document.wordCount} words, ${document.segments.length} segments, ${document.characters.length} characters`,
    );
  }
}

async function textsIn(path: string): Promise<string[]> {
  const entry = await stat(path).catch(() => null);
  if (!entry) throw new StartupError(`There is no file or folder ${path}.\n${USAGE}`);
  if (!entry.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(".txt")).sort();
  if (names.length === 0) throw new StartupError(`${path} contains no .txt files.\n${USAGE}`);
  return names.map((name) => join(path, name));
}
