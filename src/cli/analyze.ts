import { readFile, readdir, realpath, stat, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { FabulaError, StartupError } from "../platform/errors.js";
import { say } from "../platform/process.js";
import { type AnalysisDocument, analyseText, readStoryFile } from "../reference/index.js";
import { parseArguments } from "../platform/arguments.js";
import { makeWritableFolder } from "./output-folder.js";

const USAGE =
  "usage: npm run -s analyze -- FILE|DIR [--language TAG] [--encoding NAME] [--out DIR]    writes NAME.json for each text; with --out, also NAME.txt, the text that the offsets count in";

interface Order {
  /** The source files of the documents written so far, by the names of the documents. */
  readonly names: Map<string, string>;
  readonly language: string | undefined;
  readonly encoding: string | undefined;
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
export async function runAnalyze(words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArguments(
    words,
    { language: { type: "string" }, encoding: { type: "string" }, out: { type: "string" } },
    USAGE,
  );
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new StartupError(USAGE);
  const files = await textsIn(path);
  const order = { language: values.language, encoding: values.encoding, out: values.out };
  await makeWritableFolder(order.out ?? ".");
  const names = new Map<string, string>();
  let failed = 0;
  for (const [index, file] of files.entries()) {
    const result = await analyseFile(file, { ...order, names }).catch((error: unknown) => {
      failed += 1;
      return `failed: ${reasonOf(error)}`;
    });
    say(`${index + 1}/${files.length} ${file}: ${result}`);
  }
  if (failed > 0) throw new StartupError(`${failed} of ${files.length} files failed.`);
}

/**
 * Writes the document of one file. Also writes the text if the command has the option --out. Returns a
 * summary for people.
 */
async function analyseFile(file: string, { out, names, ...order }: Order): Promise<string> {
  const { encoding } = order;
  const source = { fileName: basename(file), bytes: await readFile(file), encoding };
  const { content, ...read } = await readStoryFile(source);
  const language = order.language ?? read.language;
  const document = analyseText(content, language === null ? {} : { language });
  const name = basename(file, extname(file));
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
  return `${target}, ${countsOf(document)}, text ${document.contentHash}`;
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
  if (existing !== null && existing === (await realpath(file))) {
    throw new StartupError(`--out would overwrite ${file}; choose another folder.`);
  }
  await writeFile(target, content);
}

const countsOf = ({ wordCount, segments, characters }: AnalysisDocument): string =>
  `${wordCount} words, ${segments.length} segments, ${characters.length} characters`;

/** The names of files that a folder is searched for. */
const STORY_FILE = /\.(?:txt|md|markdown|html?|xhtml|epub|docx)$/i;

const reasonOf = (error: unknown): string => {
  if (error instanceof FabulaError || error instanceof StartupError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
};

async function textsIn(path: string): Promise<string[]> {
  const entry = await stat(path).catch(() => null);
  if (!entry) throw new StartupError(`There is no file or folder ${path}.\n${USAGE}`);
  if (!entry.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => STORY_FILE.test(name)).sort();
  if (names.length === 0) {
    throw new StartupError(
      `${path} contains no files of text, Markdown, HTML, EPUB or DOCX.\n${USAGE}`,
    );
  }
  return names.map((name) => join(path, name));
}
