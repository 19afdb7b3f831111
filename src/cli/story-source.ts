import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { reportOf, reportText } from "../platform/process/error-report.js";
import { FabulaError, StartupError, UsageError } from "../platform/errors.js";
import { say } from "../platform/process/process.js";
import { nearestTo } from "../platform/text/nearest.js";
import { MAX_FILE_BYTES, STORY_FILE_NAME, type StoryFile } from "../reference/index.js";

/** The word for standard input. */
const STANDARD_INPUT = "-";

export interface SourceOptions {
  /** The name that the file shall have. Default: its own. */
  readonly name: string | undefined;
  readonly encoding: string | undefined;
}

/** Reads a text that a person named by a path or by "-". @throws StartupError that says what is wrong */
export async function readSource(
  path: string,
  { name, encoding }: SourceOptions,
): Promise<StoryFile> {
  const bytes = path === STANDARD_INPUT ? await readInput() : await readFileOf(path);
  const own = path === STANDARD_INPUT ? "standard-input" : basename(path);
  return { fileName: name ?? own, bytes, encoding };
}

/**
 * Returns the paths of the texts that a person named, in order. A folder stands for the texts in it.
 * @throws StartupError if there is no such file or folder, or if a folder has no texts
 */
export async function sourcesOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(sourcesAt));
  return found.flat();
}

async function sourcesAt(path: string): Promise<string[]> {
  if (path === STANDARD_INPUT) return [path];
  const entry = await stat(path).catch(failOn(path));
  if (!entry.isDirectory()) return [path];
  const all = await readdir(path).catch(failOn(path));
  const names = all.filter((name) => STORY_FILE_NAME.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new StartupError(
    `The folder ${path} contains no files of text, Markdown, HTML, EPUB or DOCX.`,
  );
}

function readInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) say("Type or paste the text. End with Ctrl-D on a new line.");
  return readStart(process.stdin);
}

const readFileOf = (path: string): Promise<Uint8Array> =>
  readStart(createReadStream(path)).catch(failOn(path));

/** Reads until there is more than any story has: some files, for example /dev/zero, have no end. */
async function readStart(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).byteLength;
    if (size > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) =>
    path === ""
      ? "The name of a file is empty; check the words of the command."
      : `There is no file or folder ${path}; check the path.`,
  ENOTDIR: (path) => `There is no file ${path}; a part of the path is a file, and no folder.`,
  EISDIR: (path) => `${path} is a folder; name a file.`,
  EACCES: (path) => `You lack the right to read ${path}; change its rights, or copy the file.`,
  EPERM: (path) => `You lack the right to read ${path}; change its rights, or copy the file.`,
};

/** Returns a function that says why a file cannot be read. */
export const failOn =
  (path: string) =>
  (error: unknown): never => {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const reason = REASONS[code]?.(path) ?? `${path} cannot be read (${code}).`;
    throw new StartupError(reason, { cause: error });
  };

/** Returns what a person needs to know about the failure of one of many files. */
export function reasonOf(error: unknown): string {
  if (error instanceof FabulaError || error instanceof StartupError) return error.message;
  return reportText(reportOf(error));
}

const COMMON = [
  "utf-8",
  "utf-16le",
  "windows-1252",
  "iso-8859-2",
  "koi8-r",
  "shift_jis",
  "gb18030",
];
const ENCODINGS = [
  ...COMMON,
  ...["utf-16be", "windows-1250", "windows-1251", "iso-8859-1", "iso-8859-15", "macintosh"],
  ...["latin1", "ascii", "euc-jp", "euc-kr", "gbk", "big5"],
];

/** @throws UsageError */
export function requireEncoding(name: string | undefined): void {
  try {
    new TextDecoder(name ?? "utf-8");
  } catch {
    const near = nearestTo(name ?? "", ENCODINGS);
    throw new UsageError(
      `There is no encoding "${name ?? ""}"; name one such as ${(near.length > 0 ? near : COMMON).join(", ")}.`,
    );
  }
}
