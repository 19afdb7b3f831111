import pg from "pg";
import { connect } from "../../src/legacy/connection.js";
import {
  type GeneratedData,
  createLegacyTables,
  generateLegacyData,
} from "../../src/legacy/demo/generator.js";
import { type LegacyDatabase, findLegacyDatabase } from "../../src/legacy/legacy-database.js";
import { attach } from "../../src/legacy/sync/attach.js";
import { install } from "../../src/legacy/sync/install.js";
import { type TestDatabase, cloneDatabase, templateDatabase } from "../support/test-database.js";

/** The role that owns the legacy tables, and as which the old application writes. No superuser. */
export const LEGACY_OWNER = "legacy_app";

/** A database with the legacy tables beside our schemas. */
export interface LegacyTestDatabase extends TestDatabase {
  /** Runs a statement of the old application. */
  old<R extends object = object>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** The connection that the commands of the migration use. */
  readonly operator: pg.Client;
  readonly legacy: LegacyDatabase;
  /** Fills the legacy tables with generated rows, before `expand`. */
  generate(data: GeneratedData): Promise<void>;
  /** Installs the transition and attaches all triggers. */
  expand(timeZone?: string): Promise<void>;
}

/** Makes a migrated database of ours with empty legacy tables beside. */
export async function legacyDatabase(): Promise<LegacyTestDatabase> {
  return open(await cloneDatabase(await templateDatabase("legacy", addLegacyTables)));
}

/** Makes the same, with the transition installed and all triggers attached. The legacy time zone is UTC. */
export async function expandedDatabase(): Promise<LegacyTestDatabase> {
  const expanded = await templateDatabase("expanded", async (database) => {
    await addLegacyTables(database);
    const legacy = await open(database);
    await legacy.expand();
    await legacy.disconnect();
  });
  return open(await cloneDatabase(expanded));
}

async function addLegacyTables(database: TestDatabase): Promise<void> {
  await ensureLegacyOwner(database);
  await database.superuser(`GRANT CREATE ON SCHEMA public TO ${LEGACY_OWNER}`);
  const client = await connect(database.superUrl);
  await createLegacyTables(client, LEGACY_OWNER);
  await client.end();
}

async function open(database: TestDatabase): Promise<LegacyTestDatabase> {
  const operator = await connect(database.superUrl);
  const application = new pg.Pool({
    connectionString: database.superUrl,
    max: 4,
    options: `-c role=${LEGACY_OWNER}`,
  });
  application.on("error", () => undefined);
  const legacy = await findLegacyDatabase(operator);
  if (!legacy) throw new Error("The baseline is not a legacy database.");
  const disconnect = async (): Promise<void> => {
    await application.end();
    await operator.end();
  };
  return {
    ...database,
    ...{ operator, legacy, disconnect },
    old: async <R extends object>(sql: string, values: readonly unknown[] = []) =>
      (await application.query<R>(sql, [...values])).rows,
    generate: (data) => generateLegacyData(operator, LEGACY_OWNER, data),
    expand: async (timeZone = "UTC") => {
      await install(operator, { legacy, timeZone });
      await attach(operator, legacy);
    },
    drop: async () => {
      await disconnect();
      await database.drop();
    },
  };
}

/** Roles belong to the whole server. Another worker may create the role at the same time. */
async function ensureLegacyOwner({ superuser }: TestDatabase): Promise<void> {
  await superuser(`DO $$ BEGIN
    CREATE ROLE ${LEGACY_OWNER} NOLOGIN NOSUPERUSER;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
}
