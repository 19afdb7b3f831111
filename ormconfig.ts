import "reflect-metadata";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import { migrations } from "./migrations/index.js";
import { ConfigError, loadConfig } from "./src/config.js";
import { instanceEntities } from "./src/instances/index.js";
import { BucketEntity } from "./src/platform/buckets/bucket.entity.js";
import {
  type ConnectionOptions,
  Role,
  createDataSource,
} from "./src/platform/database/data-source.js";
import { readEmbeddedEndpoint } from "./src/platform/embedded-postgres/index.js";
import { UserEntity } from "./src/platform/users/user.entity.js";
import { referenceEntities } from "./src/reference/index.js";

export const entities = [UserEntity, BucketEntity, ...referenceEntities, ...instanceEntities];

/** A DataSource of this schema that acts as `role`, on any database. */
export const dataSourceFor = (connection: ConnectionOptions): DataSource =>
  createDataSource(connection, entities, migrations);

/**
 * The one DataSource: of the app, the tests and the TypeORM command line. It acts as the app's
 * role; the embedded server's address is known once that runs, and the app sets it then.
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
    // The process that starts reads the settings again, and says what is wrong without a stack.
    if (error instanceof ConfigError) return "";
    throw error;
  }
}
