import type pg from "pg";

/** A transaction that may hold locks for which `expand` waits. */
export interface OldTransaction {
  readonly pid: number;
  readonly application: string;
  readonly seconds: number;
  readonly state: string;
}

const OLD_SECONDS = 30;

/** Returns the other transactions of this database that are older than `seconds`. */
export async function oldTransactions(
  client: pg.Client,
  seconds = OLD_SECONDS,
): Promise<OldTransaction[]> {
  const { rows } = await client.query<OldTransaction>(
    `SELECT a.pid, coalesce(a.application_name, '') AS application, coalesce(a.state, 'unknown') AS state,
       floor(extract(epoch FROM clock_timestamp() - a.xact_start))::int AS seconds
     FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
       AND a.xact_start < clock_timestamp() - make_interval(secs => $1)
     ORDER BY a.xact_start`,
    [seconds],
  );
  return rows;
}

export const describeTransaction = ({ pid, application, seconds, state }: OldTransaction): string =>
  `pid ${pid} (${application || "no name"}) is in a transaction since ${seconds} s, now ${state}`;
