import "reflect-metadata";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import { migrations } from "./migrations/index.js";
import { ConfigError, loadConfig } from "./src/config.js";
import { instanceEntities } from "./src/instances/index.js";
import { UsageEntity } from "./src/platform/quotas/usage.entity.js";
import { BucketEntity } from "./src/platform/buckets/bucket.entity.js";
import {
  type ConnectionOptions,
  Role,
  createDataSource,
} from "./src/platform/database/connection/data-source.js";
import { readEmbeddedEndpoint } from "./src/platform/embedded-postgres/index.js";
import { UserEntity } from "./src/platform/users/user.entity.js";
import { referenceEntities } from "./src/reference/index.js";

export const entities = [
  UserEntity,
  BucketEntity,
  UsageEntity,
  ...referenceEntities,
  ...instanceEntities,
];

/** Creates a DataSource for this schema on any database. Its connections act as `role`. */
export const dataSourceFor = (connection: ConnectionOptions): DataSource =>
  createDataSource(connection, entities, migrations);

/**
 * The only DataSource. The app, the tests and the TypeORM command line use it. It acts as the app's
 * role. The address of the embedded server is known only after the server starts; the app then sets
 * the address.
 */
export default dataSourceFor({
  url: currentUrl(),
  role: Role.App,
});

function currentUrl(): string {
  try {
    const { database, dataDir } = loadConfig();
    return database?.url ?? readEmbeddedEndpoint(join(dataDir, "postgres"))?.appUrl ?? "";
  } catch (error) {
    // The starting process reads the settings again and reports the error without a stack.
    if (error instanceof ConfigError) return "";
    throw error;
  }
}
