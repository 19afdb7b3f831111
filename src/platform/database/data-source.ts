import { DataSource, type DataSourceOptions } from "typeorm";
import { MeteredClient } from "./metered-client.js";

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
  /** Connections of the pool. Default 10. */
  readonly poolSize?: number;
  readonly applicationName?: string;
}

const STATEMENT_TIMEOUT_MS = 15_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

/** TypeORM options for a connection that acts as `role`, no matter which user the URL logs in as. */
export function connectionOptions({
  url,
  role,
  poolSize = 10,
  applicationName = "fabula",
}: ConnectionOptions) {
  const timeouts =
    role === Role.App
      ? ` -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`
      : "";
  return {
    url,
    poolSize,
    applicationName,
    connectTimeoutMS: 5_000,
    extra: { Client: MeteredClient, pipeline: true, options: `-c role=${role}${timeouts}` },
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
