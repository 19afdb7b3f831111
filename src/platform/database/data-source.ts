import { DataSource, type DataSourceOptions } from "typeorm";
import { PooledClient } from "./pooled-client.js";

type Entities = NonNullable<DataSourceOptions["entities"]>;
type Migrations = NonNullable<DataSourceOptions["migrations"]>;

/**
 * The database roles. `Owner` owns the schemas and migrates them. `App` serves requests and jobs
 * and owns nothing.
 */
export const Role = { Owner: "fabula_owner", App: "fabula_app" } as const;
export type Role = (typeof Role)[keyof typeof Role];

export interface ConnectionOptions {
  readonly url: string;
  readonly role: Role;
  /** Transactions that can run at the same time. Default 10. */
  readonly poolSize?: number;
  readonly applicationName?: string;
  /** How long the server waits for the answer to a statement. Default: 8 s. Not for the owner. */
  readonly answerTimeoutMs?: number | undefined;
}

const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Longer than a request's statement may take, so PostgreSQL itself stops a slow statement. */
const ANSWER_TIMEOUT_MS = 8_000;

/**
 * A peer that vanishes says nothing. Nine probes after this time, one each second, show that the peer is
 * gone.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 4_000 } as const;

/** The connections of the app's pool that serve no transaction. The health check has one. */
export const SPARE_CONNECTIONS = 1;

/** TypeORM options for a connection that acts as `role`, no matter which user the URL logs in as. */
export function connectionOptions({
  url,
  role,
  poolSize = 10,
  applicationName = "fabula",
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
}: ConnectionOptions) {
  const shared = { Client: PooledClient, pipeline: true, ...KEEP_ALIVE };
  const base = { url, applicationName, connectTimeoutMS: CONNECT_TIMEOUT_MS };
  if (role === Role.Owner)
    return { ...base, poolSize, extra: { ...shared, options: `-c role=${role}` } };
  const idle = `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`;
  return {
    ...base,
    poolSize: poolSize + SPARE_CONNECTIONS,
    // With `pipeline`, pg destroys the connection of a statement that passes `query_timeout`.
    extra: { ...shared, query_timeout: answerTimeoutMs, options: `-c role=${role} ${idle}` },
  };
}

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
