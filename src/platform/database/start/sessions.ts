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
 * True if a pooler on the way gives one session to several clients in turn, for example after each
 * transaction. LISTEN, advisory locks and settings of a session do not last there.
 *
 * The first client marks its session, and stays. Further clients hold their sessions, until one of them
 * has a new session. A pooler that shares gives out all its free sessions before it opens a new one, and
 * the marked session is one of them. So one client meets the mark, or the first client loses its mark.
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
    // The pooler shares even between the statements of a transaction.
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

/** Null: there are no more sessions. */
async function holdSession(open: () => Promise<pg.Client>): Promise<Session | null> {
  try {
    const client = await open();
    // The login itself may read when its session began; another client may have left another role.
    await client.query("BEGIN; SET LOCAL ROLE NONE");
    return await sessionOf(client);
  } catch (error) {
    if (isProtocolViolation(error)) throw error;
    return null;
  }
}

/** True if a pooler refused a statement, for example BEGIN where it shares sessions between statements. */
const isProtocolViolation = (error: unknown): boolean =>
  (error as { code?: string }).code === "08P01";

/** True if a pooler on the way allows no transactions, because it shares sessions between statements. */
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

/** @param mark a new mark of the session */
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
