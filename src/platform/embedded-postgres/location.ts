import { StartupError } from "../errors.js";
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

/** The user that PostgreSQL runs as, if this is not the user of our process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The folder of one embedded server, with all its files. `account` is null if PostgreSQL runs as
 * our user.
 */
export interface Location {
  readonly home: string;
  readonly data: string;
  readonly stateFile: string;
  readonly logFile: string;
  readonly lockDir: string;
  readonly startersDir: string;
  readonly account: Account | null;
}

// PostgreSQL refuses to run as root. 65534 is `nobody` on every Linux, so no account must be created.
const NOBODY: Account = { uid: 65534, gid: 65534 };
// PostgreSQL stores paths in 1,024 bytes. Files inside the data directory have longer paths than the folder.
const LONGEST_PATH_BYTES = 800;

/**
 * Finds the folder to start in: the wanted folder, or a fallback if the wanted folder cannot hold a
 * PostgreSQL data directory. The same wanted path always gives the same folder, so a later start
 * finds the data.
 * @throws StartupError when no folder can be used. The message contains the reason for each folder.
 */
export function chooseLocation(wanted: string, log: (line: string) => void): Location {
  const candidates = candidateHomes(wanted);
  const refusals = new Map<string, string>();
  for (const home of [...candidates.filter(hasState), ...candidates]) {
    if (refusals.has(home)) continue;
    const refusal = whyUnusable(home, home !== candidates[0]);
    if (refusal === null) {
      const reason = refusals.get(candidates[0] ?? "");
      if (reason !== undefined) {
        log(`${shortPath(wanted)} cannot be used (${reason}); storing the data in ${home}`);
      } else if (home !== candidates[0]) {
        log(`Using the data of an earlier start in ${home}`);
      }
      return locationAt(home);
    }
    refusals.set(home, refusal);
  }
  const reasons = [...refusals].map(([home, reason]) => `${home}: ${reason}`).join("; ");
  throw new StartupError(
    `No folder can hold the embedded database (${reasons}). ` +
      "Make one of them usable, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

/** Returns the folders where an earlier start may have left a server. The wanted folder is first. */
export function knownLocations(wanted: string): Location[] {
  return candidateHomes(wanted).filter(hasState).map(locationAt);
}

/**
 * Returns a path relative to the working directory if the path is inside it. Returns any other path
 * unchanged.
 */
export function shortPath(absolute: string): string {
  const relative = path.relative(process.cwd(), absolute);
  return relative === "" || relative.startsWith("..") ? absolute : relative;
}

/** Returns folders outside the checkout that the server's account can reach. The best folder is first. */
export function fallbackParents(): string[] {
  const isRoot = process.getuid?.() === 0;
  const lasting = isRoot ? "/var/lib" : path.join(homedir(), ".local", "state");
  return [...new Set([lasting, tmpdir(), ...(process.platform === "win32" ? [] : ["/tmp"])])];
}

/**
 * Returns the nearest folder on the path that the account has no right to enter. Returns null if the
 * account has the right to enter all folders on the path. The check includes the path itself.
 * For a file, the check is
 * whether the account may run the file.
 */
export function blockedAt(folder: string, account: Account | null): string | null {
  if (account === null) return null;
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(at) && !mayEnter(at, account)) return at;
    if (at === path.dirname(at)) return null;
  }
}

/**
 * Returns the account that PostgreSQL must run as. An existing data directory decides the account
 * by its owner.
 */
function accountFor(data: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  if (!existsSync(data)) return NOBODY;
  const { uid, gid } = statSync(data);
  return uid === 0 ? NOBODY : { uid, gid };
}

function candidateHomes(wanted: string): string[] {
  const absolute = path.resolve(wanted);
  const hash = createHash("sha256").update(absolute).digest("hex").slice(0, 12);
  const owner = process.getuid?.() ?? 0;
  const name = owner === 0 ? `fabula-${hash}` : `fabula-${owner}-${hash}`;
  return [absolute, ...fallbackParents().map((parent) => path.join(parent, name))];
}

// State that another user owns is useless to us: we can neither read it nor use that server.
function hasState(home: string): boolean {
  try {
    accessSync(path.join(home, "state.json"), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function locationAt(home: string): Location {
  const real = realpathSync(home);
  const data = path.join(real, "data");
  return {
    home: real,
    data,
    stateFile: path.join(real, "state.json"),
    logFile: path.join(real, "server.log"),
    lockDir: path.join(real, "lock"),
    startersDir: path.join(real, "starters"),
    account: accountFor(data),
  };
}

function whyUnusable(home: string, isFallback: boolean): string | null {
  if (Buffer.byteLength(home) > LONGEST_PATH_BYTES) return "the path is too long";
  const account = accountFor(path.join(home, "data"));
  const isNew = !existsSync(home);
  try {
    const refusal = whyClosed(path.dirname(home), account) ?? whyNoHome(home, isFallback, account);
    if (refusal !== null && isNew && existsSync(home)) rmdirSync(home);
    return refusal;
  } catch (error) {
    return (error as Error).message;
  }
}

function whyNoHome(home: string, isFallback: boolean, account: Account | null): string | null {
  makeFolder(home);
  if (isFallback && !isOnlyOurs(home)) return "it belongs to another user";
  return whyClosed(home, account) ?? whyNoDataDirectory(home, account);
}

function whyClosed(folder: string, account: Account | null): string | null {
  const blocked = blockedAt(folder, account);
  if (blocked === null || account === null) return null;
  return `PostgreSQL cannot run as root, and user ${account.uid} may not enter ${blocked}`;
}

// Creates one folder at a time. With umask 077, the server's account could not enter the new folders.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
  } catch (error) {
    // Another process created the folder at the same moment.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function isOnlyOurs(folder: string): boolean {
  if (process.getuid === undefined) return true;
  const { uid, mode } = lstatSync(folder);
  return lstatSync(folder).isDirectory() && uid === process.getuid() && (mode & 0o022) === 0;
}

// Some mounts ignore owners, modes or links. PostgreSQL and our lock need all three.
function whyNoDataDirectory(home: string, account: Account | null): string | null {
  if (process.platform === "win32") return null;
  const probe = mkdtempSync(path.join(home, "probe-"));
  try {
    writeFileSync(path.join(probe, "a"), "");
    linkSync(path.join(probe, "a"), path.join(probe, "b"));
    chmodSync(probe, 0o700);
    if (account !== null && !giveAway(probe, account)) {
      return `PostgreSQL cannot run as root, and nothing here can be given to user ${account.uid}`;
    }
    const { uid, mode } = statSync(probe);
    const keeps = uid === (account?.uid ?? process.getuid?.()) && (mode & 0o777) === 0o700;
    return keeps ? null : "the file system does not store owners or permissions";
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function giveAway(folder: string, { uid, gid }: Account): boolean {
  try {
    chownSync(folder, uid, gid);
    return true;
  } catch {
    return false;
  }
}

function mayEnter(folder: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
