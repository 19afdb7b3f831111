import { readFileSync, statSync } from "node:fs";
import { type TestDatabase, fromSetup } from "../../support/test-database.js";

const ENTRY = /^\d{4}-\d\d-\d\d \S+ UTC \[\d+\] (\S*) (\S*) LOG: {2}(?:statement|execute [^:]+): /;
const OUR_TABLES = /\b(platform|reference|instances)"?\./;

/** The statements that PostgreSQL logs. */
export interface ServerLog {
  /** Runs `work`. Returns the statements on our tables that the API's pool ran during `work`. */
  during(work: () => Promise<unknown>): Promise<string[]>;
}

/** Makes PostgreSQL log all statements of each new connection to this database. */
export async function serverLog({ name, superuser }: TestDatabase): Promise<ServerLog> {
  await superuser(`ALTER DATABASE ${name} SET log_statement = 'all'`);
  const file = fromSetup("TEST_PG_LOG");
  return {
    during: async (work) => {
      const start = statSync(file).size;
      await work();
      const added = readFileSync(file).subarray(start).toString("utf8");
      return added.split(/^(?=\d{4}-\d\d-\d\d )/m).filter((entry) => {
        const [, database, application] = ENTRY.exec(entry) ?? [];
        return database === name && application === "fabula" && OUR_TABLES.test(entry);
      });
    },
  };
}
