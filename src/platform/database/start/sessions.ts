import { randomUUID } from "node:crypto";
import pg from "pg";
import { StartupError } from "../../errors.js";
import { DatabaseSetupError } from "./roles.js";

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 5_000;
// More than the sessions that poolers usually keep for one login.
const MOST_CLIENTS = 64;

/** @throws DatabaseSetupError that names the database that does not answer */
export async function openClient(url: string, queryTimeoutMs?: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(queryTimeoutMs === undefined ? {} : { query_timeout: queryTimeoutMs }),
  });
  // The next statement reports the loss of the connection.
  client.on("error", () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw unreachable(url, cause);
  });
  return client;
}

export function unreachable(url: string, cause: unknown): DatabaseSetupError {
  const { host, pathname, username, password } = new URL(url);
  const { code = "no answer", message = "" } = cause as { code?: string; message?: string };
  // A server or a pooler may repeat the password.
  const isSafe = message !== "" && !(password && holdsPassword(message, password));
  return new DatabaseSetupError(
    `Cannot reach the database${pathname.slice(1) && ` ${pathname.slice(1)}`} at ${host} as ${username || "the default user"} (${isSafe ? message : code}). Is it running, and is this address right in DATABASE_URL, DIRECT_DATABASE_URL or MIGRATION_DATABASE_URL?`,
    { cause },
  );
}

const holdsPassword = (text: string, password: string): boolean =>
  [password, decoded(password)].some((form) => text.includes(form));

/** Returns the text itself if the text is not valid percent encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Checks that each client of `url` keeps its session.
 * @param use the parts of Fabula that use `url`
 * @param variables the environment variables that can name another address
 * @throws StartupError if a pooler shares the sessions of `url` between its clients
 */
export async function refuseSharedSessions(
  url: string,
  use: string,
  variables: string,
): Promise<void> {
  if (!(await sharesSessions(url))) return;
  throw new StartupError(
    `${use} need sessions of their own, but a pooler shares this database's sessions between its clients; set ${variables} to an address of PostgreSQL without that pooler.`,
  );
}

/**
 * Returns true if a pooler on the way gives one session to several clients in turn, for example after
 * each transaction. With such a pooler, a client loses LISTEN, advisory locks and session settings.
 *
 * The first client marks its session and stays connected. Further clients connect one by one, and each
 * client holds its session. The check ends when a client gets a session that is newer than the mark.
 * A pooler that shares sessions gives out all free sessions before it opens a new session. The marked
 * session is one of the free sessions. So with such a pooler, a further client gets the marked session,
 * or the first client gets a session without its mark.
 */
export async function sharesSessions(url: string): Promise<boolean> {
  const clients: pg.Client[] = [];
  const open = async (): Promise<pg.Client> => {
    const client = await openClient(url, ANSWER_TIMEOUT_MS);
    clients.push(client);
    return client;
  };
  try {
    return await losesMark(open);
  } catch (error) {
    // The pooler can change the session between two statements of one transaction.
    if (isProtocolViolation(error)) return true;
    throw error instanceof StartupError ? error : unreachable(url, error);
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

async function losesMark(open: () => Promise<pg.Client>): Promise<boolean> {
  const first = await open();
  const marked = await sessionOf(first, randomUUID());
  for (let count = 1; count < MOST_CLIENTS; count += 1) {
    const held = await holdSession(open);
    if (held?.pid === marked.pid || held?.mark === marked.mark) return true;
    const now = await sessionOf(first);
    if (now.pid !== marked.pid || now.mark !== marked.mark) return true;
    if (!held || Number(held.startedAt) > Number(marked.now)) return false;
  }
  return false;
}

/** Opens a client that keeps its session. Returns null if the client gets no session. */
async function holdSession(open: () => Promise<pg.Client>): Promise<Session | null> {
  try {
    const client = await open();
    // Another client can have left a role in this session. That role may not read when the session
    // began. The role of the login may.
    await client.query("BEGIN; SET LOCAL ROLE NONE");
    return await sessionOf(client);
  } catch (error) {
    if (isProtocolViolation(error)) throw error;
    return null;
  }
}

/**
 * Returns true if a pooler refused a statement. For example, a pooler that shares sessions between
 * statements refuses BEGIN.
 */
const isProtocolViolation = (error: unknown): boolean =>
  (error as { code?: string }).code === "08P01";

/**
 * Returns true if a pooler on the way refuses transactions. A pooler that shares sessions between
 * statements does.
 */
export async function refusesTransactions(url: string): Promise<boolean> {
  const client = await openClient(url, ANSWER_TIMEOUT_MS);
  // The refusal may come before or after the answer to BEGIN.
  const late = new Promise<Error>((resolve) => client.once("error", resolve));
  try {
    await client.query("BEGIN");
    await client.query("ROLLBACK");
    return false;
  } catch (error) {
    return isProtocolViolation(error) || isProtocolViolation(await Promise.race([late, error]));
  } finally {
    await client.end();
  }
}

interface Session {
  readonly pid: number;
  readonly mark: string | null;
  readonly startedAt: string;
  readonly now: string;
}

/**
 * Reads which session the client has.
 * @param mark the mark to set in the session; without this parameter, the session keeps its mark
 */
async function sessionOf(client: pg.Client, mark?: string): Promise<Session> {
  const marking = mark
    ? "set_config('fabula.session', $1, false)"
    : "current_setting('fabula.session', true)";
  const { rows } = await client.query<Session>(
    `SELECT pid, ${marking} AS mark, extract(epoch FROM backend_start)::text AS "startedAt",
       extract(epoch FROM clock_timestamp())::text AS now
     FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()`,
    mark ? [mark] : [],
  );
  const [session] = rows;
  if (!session) throw new DatabaseSetupError("The database did not describe its session.");
  return session;
}
