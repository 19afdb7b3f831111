import pg from "pg";

/** The address of a PostgreSQL backend, and the key that the backend gave to its client. */
export interface BackendKey {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly processID: number;
  readonly secretKey: number;
}

// Methods of pg's Connection that are missing in pg's types.
interface CancelConnection extends pg.Connection {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

/**
 * Asks PostgreSQL to cancel the statement that the backend runs now. PostgreSQL first signals the
 * backend, and then closes the connection of the request. The promise resolves to true after that
 * connection has closed. So the request cannot cancel a later statement.
 * @returns true if PostgreSQL took the request; false if the request failed or timed out
 */
export function requestCancel(backend: BackendKey, timeoutMs: number): Promise<boolean> {
  const { host, port, ssl, processID, secretKey } = backend;
  const connection = new pg.Connection({ ssl } as pg.ConnectionConfig) as CancelConnection;
  return new Promise((resolve) => {
    let isSent = false;
    const send = (): void => {
      connection.cancel(processID, secretKey);
      isSent = true;
    };
    const end = (isTaken: boolean): void => {
      clearTimeout(deadline);
      connection.stream.destroy();
      resolve(isTaken);
    };
    const deadline = setTimeout(() => {
      end(false);
    }, timeoutMs);
    connection.on("connect", () => {
      if (ssl) connection.requestSsl();
      else send();
    });
    connection.on("sslconnect", send);
    connection.on("error", () => {
      end(false);
    });
    connection.on("end", () => {
      end(isSent);
    });
    if (host.startsWith("/")) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}

/** Identifies a transaction in PostgreSQL. No later transaction has the same process and start time. */
export interface RunningTransaction {
  /**
   * The process ID of the backend that runs the transaction. Behind a pooler, each transaction of a
   * client can have another backend.
   */
  readonly pid: number;
  /** The start time in seconds since 1970, as PostgreSQL writes the number. */
  readonly startedAt: string;
}

/** Columns of a SELECT that describe the transaction of the SELECT as a RunningTransaction. */
export const THIS_TRANSACTION = `pg_backend_pid() AS pid, extract(epoch FROM now())::text AS "startedAt"`;

const CANCEL = `SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity
  WHERE pid = $1 AND extract(epoch FROM xact_start) = $2::numeric`;

/**
 * Opens another session and cancels the statement that a transaction runs now. Does nothing if the
 * login has no right to cancel that statement, or if the server does not answer in time.
 */
export async function cancelTransaction(
  url: string,
  { pid, startedAt }: RunningTransaction,
  timeoutMs: number,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "fabula-cancel",
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(CANCEL, [pid, startedAt]);
  } catch {
    // Ignore the failure, because the statement ends at its timeout.
  } finally {
    await client.end();
  }
}
