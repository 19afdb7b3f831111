import { randomBytes } from "node:crypto";
import pg from "pg";

/**
 * A copy of this run's migrated template database. If the test does not drop the copy, the teardown of
 * the run does.
 */
export interface TestDatabase {
  readonly name: string;
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly superUrl: string;
  /** Runs SQL as the superuser. No policy of row-level security applies to the superuser. */
  superuser<R extends object = object>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** Deletes every row except the rows that migrations insert. */
  clean(): Promise<void>;
  /** Closes the connections of `superuser`. */
  disconnect(): Promise<void>;
  drop(): Promise<void>;
}

/** Returns a value that global-setup.mjs stored in the environment. */
export function fromSetup(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests with jest and its global setup.`);
  return value;
}

const template = (): string => fromSetup("TEST_TEMPLATE_DB");

/** Returns a name for a database of this run, which the teardown of the run drops. */
const nameInRun = (name: string): string => template().replace(/template$/, name);

/** Copies the template. Takes about 30 ms. */
export const cloneDatabase = (source = template()): Promise<TestDatabase> =>
  copyDatabase(nameInRun(randomBytes(5).toString("hex")), source);

// The number is arbitrary, but must not be the key of other locks.
const TEMPLATE_LOCK = 7_301_990;

/**
 * Returns the name of another template of this run. The first test that asks makes the template from a copy of
 * the run's template, and other workers wait.
 */
export async function templateDatabase(
  name: string,
  make: (database: TestDatabase) => Promise<void>,
): Promise<string> {
  const full = nameInRun(`${name}_template`);
  await withSuperuser(async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const { rows } = await client.query("SELECT FROM pg_database WHERE datname = $1", [full]);
    if (rows.length > 0) return;
    const draft = await copyDatabase(`${full}_draft`, template());
    await make(draft);
    await draft.disconnect();
    await client.query(`ALTER DATABASE ${full}_draft RENAME TO ${full}`);
  });
  return full;
}

async function copyDatabase(name: string, source: string): Promise<TestDatabase> {
  await asSuperuser(
    `CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY FILE_COPY OWNER fabula_owner`,
  );
  const superUrl = urlOf("TEST_PG_SUPER_URL", name);
  const superuser = new pg.Pool({ connectionString: superUrl, max: 3 });
  // A test may end every connection of its database, including the connections of this pool.
  superuser.on("error", () => undefined);
  return {
    name,
    appUrl: urlOf("TEST_PG_APP_URL", name),
    ownerUrl: urlOf("TEST_PG_OWNER_URL", name),
    superUrl,
    superuser: async <R extends object>(sql: string, values: readonly unknown[] = []) =>
      (await superuser.query<R>(sql, [...values])).rows,
    clean: async () => {
      await superuser.query(await cleaning(superuser));
    },
    disconnect: () => superuser.end().catch(() => undefined),
    drop: async () => {
      await superuser.end().catch(() => undefined);
      await asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

const asSuperuser = (sql: string): Promise<unknown> => withSuperuser((client) => client.query(sql));

async function withSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: fromSetup("TEST_PG_SUPER_URL") });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(variable: string, database: string): string {
  const url = new URL(fromSetup(variable));
  url.pathname = `/${database}`;
  return url.href;
}

/** The lowest id of the templates that a fresh install has besides the template neutral. */
export const FIRST_GIVEN_TEMPLATE = 2_000_000_001;

// Returns SQL that deletes all rows. DELETE takes 0.5 ms on our tables, TRUNCATE takes 16 ms.
// Foreign keys are off, so any order works.
async function cleaning(superuser: pg.Pool): Promise<string> {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('platform', 'reference', 'instances') AND tablename NOT IN ('migrations', 'id_key')`,
  );
  const templates = "reference.voice_modulation_templates";
  const deletions = rows.map(({ name }) =>
    name === templates
      ? `DELETE FROM ${name} WHERE modulation_key <> 'neutral' AND id < ${FIRST_GIVEN_TEMPLATE}`
      : `DELETE FROM ${name}`,
  );
  return [
    "BEGIN",
    "SET LOCAL session_replication_role = replica",
    ...deletions,
    `UPDATE ${templates} SET source_analysis_id = NULL WHERE source_analysis_id IS NOT NULL`,
    "DELETE FROM jobs.job",
    "COMMIT",
  ].join(";\n");
}
