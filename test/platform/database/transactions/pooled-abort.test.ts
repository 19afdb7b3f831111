import pg from "pg";
import { dataSourceFor } from "../../../../ormconfig.js";
import { Role } from "../../../../src/platform/database/connection/data-source.js";
import { Database } from "../../../../src/platform/database/transactions/database.js";
import { AbandonedError } from "../../../../src/platform/errors.js";
import { untilSleeping } from "../../../support/blocked.js";
import { type Pooler, startPooler } from "../../../support/pooler.js";
import { type TestDatabase, cloneDatabase } from "../../../support/test-database.js";

/**
 * A statement of another client runs in the pooler's first session. Our read runs in the second session.
 * With the keys "of the first session", our client has the key of the wrong session.
 */
describe.each(["own", "of the first session"] as const)("with keys that are %s", (keys) => {
  let testDatabase: TestDatabase;
  let pooler: Pooler;
  let other: pg.Client;
  let otherEnded: Promise<unknown>;
  beforeEach(async () => {
    testDatabase = await cloneDatabase();
    pooler = await startPooler(testDatabase.superUrl, { keys });
    other = new pg.Client({ connectionString: pooler.url });
    await other.connect();
    otherEnded = other.query("SELECT pg_sleep(60)").catch((error: unknown) => error);
    await untilSleeping(testDatabase, 1);
  });
  afterEach(async () => {
    // The sleeping statement must still run. Stop the statement only now.
    await testDatabase.superuser(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
    );
    expect(await otherEnded).toMatchObject({ code: "57014" });
    await other.end();
    await pooler.close();
    await testDatabase.drop();
  });

  async function abortRead(
    options: { readonly directUrl?: string; readonly statementTimeoutMs?: number } = {},
  ): Promise<void> {
    const dataSource = dataSourceFor({ url: pooler.url, role: Role.App, poolSize: 1 });
    await dataSource.initialize();
    const database = new Database(dataSource, { statementTimeoutMs: 1_000, ...options });
    const leaving = new AbortController();
    const reading = database.read(
      { viewer: null },
      (tx) => tx.query("SELECT pg_sleep(60)"),
      leaving.signal,
    );
    await untilSleeping(testDatabase, 2);

    leaving.abort();

    await expect(reading).rejects.toBeInstanceOf(AbandonedError);
    await untilSleeping(testDatabase, 1);
    expect(await database.read({ viewer: null }, (tx) => tx.query("SELECT 1 AS one"))).toEqual([
      { one: 1 },
    ]);
    await dataSource.destroy();
  }

  test("an aborted read stops, and no other client's statement", async () => {
    const { superUrl } = testDatabase;
    await abortRead({ directUrl: superUrl, statementTimeoutMs: 600_000 });
  });

  test("a login that may not stop the read lets its timeout stop the read", async () => {
    await abortRead({ directUrl: testDatabase.appUrl });
  });

  test("without a direct address, the read's timeout stops the read", async () => {
    await abortRead();
  });
});
