import { StartupError } from "../errors.js";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Binaries } from "./binaries.js";
import type { Location } from "./location.js";
import type { State } from "./state.js";

const run = promisify(execFile);

const OUR_FILES = /^(state\.json|server\.log|lock$|starters$|data$|data\.init-|probe-|password-)/;

/**
 * Refuses a folder that contains files of another program.
 * @throws StartupError that names the file and says what to do
 */
export function refuseForeign(home: string): void {
  const names = listed(home);
  if (names.includes("PG_VERSION")) {
    throw new StartupError(`${home} is the data directory of another PostgreSQL. ${wayOut()}`);
  }
  const strange = names.find((name) => !OUR_FILES.test(name));
  const isOrphaned = names.includes("data") && !names.includes("state.json");
  if (strange !== undefined && !names.includes("state.json")) {
    throw new StartupError(
      `${home} contains other files (${strange}) and no database. ${wayOut()}`,
    );
  }
  if (isOrphaned) {
    throw new StartupError(
      `${home} contains a database, but the file with its passwords (state.json) is missing. ` +
        `Restore that file, or move the folder away to begin with an empty database.`,
    );
  }
}

/**
 * Creates the data directory if it is missing. The directory has another name until it is complete.
 * So an interrupted start never leaves an incomplete database: the next start creates it again.
 * @throws StartupError when the directory exists but these programs cannot open it
 */
export async function ensureCluster(
  location: Location,
  state: State,
  binaries: Binaries,
  isDurable: boolean,
): Promise<void> {
  if (existsSync(location.data)) {
    refuseOtherVersion(location, binaries);
    return;
  }
  const attempt = randomBytes(6).toString("hex");
  const draft = path.join(location.home, `data.init-${attempt}`);
  const passwordFile = path.join(location.home, `password-${attempt}`);
  try {
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, state.superPassword, { mode: 0o600 });
    giveTo(location, draft, passwordFile);
    const args = initdbArguments(draft, passwordFile, isDurable);
    await runInitdb(location, binaries, args);
    renameSync(draft, location.data);
  } finally {
    removeDrafts(location.home);
  }
}

function listed(home: string): string[] {
  try {
    return readdirSync(home);
  } catch {
    // The folder is missing or not readable. chooseLocation reports this problem.
    return [];
  }
}

function wayOut(): string {
  return (
    "Nothing in it was changed. Move it away and start again to get an empty database here, " +
    "or set DATABASE_URL to use a PostgreSQL of your own."
  );
}

function refuseOtherVersion({ home, data }: Location, { major }: Binaries): void {
  const versionFile = path.join(data, "PG_VERSION");
  const found = existsSync(versionFile) ? readFileSync(versionFile, "utf8").trim() : null;
  if (found === major) return;
  throw new StartupError(
    found === null
      ? `${data} is not a PostgreSQL data directory. Move ${home} away to begin with an empty database.`
      : `${data} was made by PostgreSQL ${found}; this version of Fabula uses PostgreSQL ${major}. ` +
          `Dump it with PostgreSQL ${found}, move ${home} away, start, and restore the dump.`,
  );
}

function giveTo({ account }: Location, ...files: string[]): void {
  if (account === null) return;
  for (const file of files) chownSync(file, account.uid, account.gid);
}

function initdbArguments(draft: string, passwordFile: string, isDurable: boolean): string[] {
  // The built-in provider sorts and changes case the same way on every host. A host's locale may be missing.
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const speed = isDurable ? [] : ["--no-sync"];
  return [`--pgdata=${draft}`, "--encoding=UTF8", ...locale, ...access, ...speed];
}

async function runInitdb(
  { account, home }: Location,
  { initdb }: Binaries,
  args: readonly string[],
): Promise<void> {
  try {
    await run(initdb, args, { cwd: home, ...programEnvironment(), ...account });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const reason = stderr?.trim() ? stderr.trim() : message;
    throw new StartupError(
      `PostgreSQL could not create a database in ${home} ` +
        `(${account === null ? "" : `as user ${account.uid}: `}${reason}). ` +
        "Fix that, or set DATABASE_URL to a PostgreSQL of your own.",
      { cause: error },
    );
  }
}

/**
 * Returns an environment without the host's PG* and LC_* variables, because they change how the
 * programs work.
 */
export function programEnvironment(): { env?: Record<string, string> } {
  if (process.platform === "win32") return {};
  return { env: { LC_ALL: "C", PATH: "/usr/local/bin:/usr/bin:/bin" } };
}

// If initdb's parent was killed, initdb can still write to its folder. Such a folder can remain. The
// folder does no harm.
function removeDrafts(home: string): void {
  for (const name of readdirSync(home)) {
    if (!/^(data\.init-|password-)/.test(name)) continue;
    try {
      rmSync(path.join(home, name), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}
