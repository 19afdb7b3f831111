import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { StartupError } from "../platform/errors.js";

/** The key of the advisory lock. The number is arbitrary, but it must be the same in every release. */
const RUNNER_LOCK = 7_301_963;
/** The key of the lock that all other connections of a runner share. */
const CREW_LOCK = 7_301_964;
/** The sessions of a killed runner end when their statements end. */
const TRIES = 10;
const POLL_MS = 200;

/**
 * Runs `work` as the only runner of the migration in this database.
 * @throws StartupError that names the other runner
 */
export async function asOnlyRunner<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await acquire(client);
  try {
    return await work();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [RUNNER_LOCK]).catch(() => undefined);
  }
}

/** Makes a connection a part of the runner: the next runner waits until the connection is closed. */
export async function joinRunner(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_advisory_lock_shared($1)", [CREW_LOCK]);
}

async function acquire(client: pg.Client): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS locked",
      [RUNNER_LOCK],
    );
    if (rows[0]?.locked && (await isCrewGone(client))) return;
    if (tries >= TRIES) throw new StartupError(refusalOf(await holderOf(client)));
    await pause(POLL_MS);
  }
}

/** Gives the runner's lock back unless the connections of the runner before are closed. */
async function isCrewGone(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ gone: boolean }>(
    `SELECT CASE WHEN pg_try_advisory_lock($2) THEN pg_advisory_unlock($2)
       ELSE NOT pg_advisory_unlock($1) END AS gone`,
    [RUNNER_LOCK, CREW_LOCK],
  );
  return rows[0]?.gone ?? false;
}

/** Returns a description of the runner that holds the lock, or undefined if there is none. */
export async function holderOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ pid: number; name: string | null; since: string | null }>(
    `SELECT l.pid, a.application_name AS name, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since
     FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.classid = ($1::bigint >> 32)::oid AND l.objid = ($1::bigint & 4294967295)::oid
       AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
    [RUNNER_LOCK],
  );
  const [holder] = rows;
  if (!holder) return undefined;
  const { pid, name, since } = holder;
  return `${name ?? "a session"} (pid ${pid}${since === null ? "" : `, connected since ${since}`})`;
}

const refusalOf = (holder = "a session that has just ended"): string =>
  `Another runner works on this database: ${holder}. Wait until it ends, or stop it with Ctrl-C, then run the command again.`;
