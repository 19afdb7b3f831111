import { DataSource, type DataSourceOptions } from "typeorm";
import type pg from "pg";
import { PooledClient } from "./pooled-client.js";
import { Role, setSession } from "./settings.js";

export { Role };

type Entities = NonNullable<DataSourceOptions["entities"]>;
type Migrations = NonNullable<DataSourceOptions["migrations"]>;

export interface ConnectionOptions {
  readonly url: string;
  readonly role: Role;
  /** Transactions that can run at the same time. Default 10. */
  readonly poolSize?: number;
  readonly applicationName?: string;
  /**
   * How long Fabula waits for PostgreSQL's answer to a statement. Default: 8 s. Connections with
   * `Role.Owner`, which run migrations, have no such limit.
   */
  readonly answerTimeoutMs?: number | undefined;
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Longer than the 5 s that a request's statement may take. So PostgreSQL itself stops a slow
 * statement before this timeout.
 */
const ANSWER_TIMEOUT_MS = 8_000;

/**
 * Detects a peer that disappears without closing the connection. After this time without data, the
 * system sends ten probes, one each second: Node sets TCP_KEEPCNT and TCP_KEEPINTVL. If no probe is
 * answered, the peer is gone.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 4_000 } as const;

/**
 * Number of connections in the app's pool that serve no transaction. The health check uses this
 * connection.
 */
export const SPARE_CONNECTIONS = 1;

/**
 * TypeORM options for a pool of `role`. Startup options are not used, because poolers drop or
 * refuse them. Connections with `Role.Owner` get their role for the whole session. Transactions of
 * `Database` set the role of the app themselves, so the app may connect through any pooler.
 */
export function connectionOptions({
  url,
  role,
  poolSize = 10,
  applicationName = "fabula",
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
}: ConnectionOptions) {
  const shared = { Client: PooledClient, pipeline: true, ...KEEP_ALIVE };
  const base = { url, applicationName, connectTimeoutMS: CONNECT_TIMEOUT_MS };
  if (role === Role.Owner) return { ...base, poolSize, extra: { ...shared, onConnect: asOwner } };
  return {
    ...base,
    poolSize: poolSize + SPARE_CONNECTIONS,
    // With `pipeline`, pg closes the connection if a statement takes longer than `query_timeout`.
    extra: { ...shared, query_timeout: answerTimeoutMs },
  };
}

const asOwner = (client: pg.Client): Promise<void> => setSession(client, Role.Owner);

export function createDataSource(
  connection: ConnectionOptions,
  entities: Entities,
  migrations: Migrations,
): DataSource {
  return new DataSource({
    type: "postgres",
    schema: "platform",
    entities,
    migrations,
    migrationsTableName: "migrations",
    migrationsTransactionMode: "each",
    synchronize: false,
    installExtensions: false,
    ...connectionOptions(connection),
  });
}
