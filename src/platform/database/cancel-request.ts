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
 * Asks PostgreSQL to cancel the statement that the backend runs now. PostgreSQL closes the
 * connection of the request after it has signalled the backend. So the backend has the signal when
 * this promise resolves, and a later statement is not cancelled.
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
