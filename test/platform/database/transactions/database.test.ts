import type { DataSource } from "typeorm";
import { dataSourceFor } from "../../../../ormconfig.js";
import {
  Database,
  type Tx,
  type Viewer,
} from "../../../../src/platform/database/transactions/database.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import { Role } from "../../../../src/platform/database/connection/settings.js";
import { InvalidInputError, UnavailableError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { gate } from "../../../support/blocked.js";
import { cloneDatabase } from "../../../support/test-database.js";

let app: TestApp;
beforeAll(async () => {
  const database = await cloneDatabase();
  // PostgreSQL searches for deadlocks after one second. A test should not wait that long.
  await database.superuser(`ALTER DATABASE ${database.name} SET deadlock_timeout = '20ms'`);
  app = await testApp({ database, poolSize: 4 });
});
afterEach(() => app.clean());
afterAll(async () => {
  await app.close();
  await app.testDatabase.drop();
});

const SCOPE = `SELECT coalesce(current_setting('app.user_id', true), '') AS viewer,
  coalesce(current_setting('app.share_token_hashes', true), '') AS links`;
interface Scope {
  readonly viewer: string;
  readonly links: string;
}
const scopeIn = async (tx: Tx): Promise<Scope | undefined> => (await tx.query<Scope[]>(SCOPE))[0];
const namesIn = async (tx: Tx): Promise<string[]> => {
  const rows = await tx.query<{ title: string }[]>(
    "SELECT title FROM instances.user_story_narrations",
  );
  return rows.map(({ title }) => title);
};

describe("a transaction's scope", () => {
  test("belongs to its viewer in 200 reads by two viewers and without a viewer, on four connections", async () => {
    const story = await app.given.story({ analyse: true });
    for (const owner of ["ada", "ben"]) {
      await app.given.narration({ owner, story, title: owner });
    }
    const viewers: Viewer[] = ["ada", "ben", null];

    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const viewer = viewers[n % viewers.length] ?? null;
        const titles = await app.database.read({ viewer }, namesIn);
        return titles.join() === (viewer ?? "");
      }),
    );

    expect(seen.filter((isRight) => !isRight)).toEqual([]);
  });

  test("ends with the transaction: the next transaction on the connection has no scope", async () => {
    const links = ["a", "b"];
    const inside = await app.database.read({ viewer: "ada", shareTokenHashes: links }, scopeIn);
    await app.database.write("ada", scopeIn);
    await expect(app.database.write("ada", () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    await expect(
      app.database.read({ viewer: "ada" }, (tx) => tx.query("SELECT 1 / 0")),
    ).rejects.toThrow("division by zero");

    const outside = await Promise.all(
      Array.from({ length: 8 }, () => app.database.dataSource.query<Scope[]>(SCOPE)),
    );

    expect(inside).toEqual({ viewer: "ada", links: "a,b" });
    expect(outside.flat()).toEqual(Array(8).fill({ viewer: "", links: "" }));
  });

  test("applies to all statements that run at the same time in the transaction", async () => {
    const scopes = await app.database.read({ viewer: "ada" }, (tx) =>
      Promise.all(Array.from({ length: 5 }, () => scopeIn(tx))),
    );

    expect(scopes.map((scope) => scope?.viewer)).toEqual(Array(5).fill("ada"));
  });

  test("is empty for a write without a viewer", async () => {
    expect(await app.database.write(null, scopeIn)).toEqual({ viewer: "", links: "" });
  });
});

describe("a transaction's settings", () => {
  // A pooler gives one session to many clients. These statements leave the session as another client
  // could leave it.
  const LEFT_BEHIND = `
    SET ROLE fabula_owner; SET app.user_id = 'ada'; SET app.share_token_hashes = 'a';
    SET row_security = off; SET search_path = instances; SET standard_conforming_strings = off;
    SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'; SET TimeZone = 'Asia/Tokyo';
    SET extra_float_digits = -10; SET lock_timeout = '1h'; SET statement_timeout = '1h';
    SET idle_in_transaction_session_timeout = '1h'; SET default_transaction_read_only = on;
    SET default_transaction_isolation = 'serializable'; SET client_encoding = 'LATIN1'`;
  const SETTINGS = `SELECT current_user AS "user", current_setting('transaction_isolation') AS isolation,
    current_setting('row_security') AS row_security, current_setting('search_path') AS search_path,
    current_setting('standard_conforming_strings') AS strings, current_setting('DateStyle') AS dates,
    current_setting('IntervalStyle') AS intervals, current_setting('TimeZone') AS zone,
    current_setting('extra_float_digits') AS digits, current_setting('lock_timeout') AS lock_timeout,
    current_setting('statement_timeout') AS statement_timeout,
    current_setting('idle_in_transaction_session_timeout') AS idle_timeout,
    current_setting('client_encoding') AS encoding, coalesce(current_setting('app.user_id'), '') AS viewer`;
  const OURS = {
    ...{ user: "fabula_app", isolation: "read committed", row_security: "on" },
    ...{ search_path: "pg_catalog, pg_temp", strings: "on", dates: "ISO, MDY", zone: "UTC" },
    ...{ intervals: "postgres", digits: "1", lock_timeout: "0", statement_timeout: "5s" },
    ...{ idle_timeout: "10s", encoding: "UTF8" },
  };
  const settingsIn = async (tx: Tx) => (await tx.query<object[]>(SETTINGS))[0];

  let dataSource: DataSource;
  let database: Database;
  beforeEach(async () => {
    // Log in as the superuser and set no role, as happens behind a pooler that drops startup options.
    const { superUrl } = app.testDatabase;
    dataSource = dataSourceFor({ url: superUrl, role: Role.App, poolSize: 1 });
    await dataSource.initialize();
    await dataSource.query(LEFT_BEHIND);
    database = new Database(dataSource);
  });
  afterEach(() => dataSource.destroy());

  test("do not depend on the session, which another client may have changed", async () => {
    const inRead = await database.read({ viewer: "søren" }, settingsIn);
    const inWrite = await database.write("søren", settingsIn);

    expect(inRead).toEqual({ ...OURS, viewer: "søren" });
    expect(inWrite).toEqual({ ...OURS, viewer: "søren" });
  });

  test("bind a superuser's login to row-level security", async () => {
    const story = await app.given.story({ author: "ada", analyse: true });
    const draft = await app.given.story({ author: "ada" });
    await app.given.narration({ owner: "ada", story });
    const seen = async (tx: Tx) => ({
      narrations: await namesIn(tx),
      drafts: await tx.query("SELECT FROM reference.stories WHERE id = $1", [draft.id]),
    });

    expect(await database.read({ viewer: null }, seen)).toEqual({ narrations: [], drafts: [] });
    expect(await database.read({ viewer: "ben" }, seen)).toEqual({ narrations: [], drafts: [] });
    expect(await database.write("ben", seen)).toEqual({ narrations: [], drafts: [] });
  });

  test("allow writes in a session whose transactions only read", async () => {
    await database.write("ada", (tx) => tx.query("INSERT INTO platform.users (id) VALUES ('ada')"));

    expect(await app.superuser("SELECT id FROM platform.users")).toEqual([{ id: "ada" }]);
  });

  test("give the statements of jobs more time, and the rights of jobs", async () => {
    const inJob = await app.jobDatabase.read({ viewer: null }, settingsIn);

    expect(inJob).toMatchObject({ user: "fabula_worker", statement_timeout: "1min" });
  });

  test("leave nothing in the session", async () => {
    await database.read({ viewer: "ada" }, settingsIn);
    await database.write("ada", settingsIn);

    const [after] = await dataSource.query<object[]>(SETTINGS);

    expect(after).toMatchObject({ user: "fabula_owner", viewer: "ada", dates: "German, DMY" });
  });
});

describe("reading", () => {
  test("rejects statements that write", async () => {
    const writing = app.database.read({ viewer: "ada" }, (tx) =>
      tx.query("INSERT INTO platform.users (id) VALUES ('ada')"),
    );

    await expect(writing).rejects.toThrow("read-only transaction");
  });

  test("one statement takes two round trips and counts as one statement", async () => {
    const meter = newSqlMeter();

    await meterClient(meter, "stories", () => app.database.read({ viewer: "ada" }, namesIn));

    expect(meter.roundTrips).toBe(2);
    expect(meter.statements).toMatchObject([{ path: "stories", rows: 0 }]);
  });
});

describe("a write", () => {
  test("stores nothing if its work throws", async () => {
    const failing = app.database.write("ada", async (tx) => {
      await tx.query("INSERT INTO platform.users (id) VALUES ('ada')");
      throw new Error("Changed my mind.");
    });

    await expect(failing).rejects.toThrow("Changed my mind.");
    expect(await app.superuser("SELECT FROM platform.users")).toEqual([]);
  });

  test("runs again after a deadlock and succeeds", async () => {
    await app.superuser(
      "INSERT INTO platform.cost_buckets VALUES ('ada', 1, now()), ('ben', 1, now())",
    );
    const met = gate();
    let tries = 0;
    let holding = 0;
    const touchBoth = (first: string, second: string) =>
      app.database.write(null, async (tx) => {
        tries += 1;
        const touch = (id: string) =>
          tx.query("UPDATE platform.cost_buckets SET level = 0 WHERE key = $1", [id]);
        await touch(first);
        holding += 1;
        if (holding === 2) met.open();
        await met.opened;
        await touch(second);
      });

    await Promise.all([touchBoth("ada", "ben"), touchBoth("ben", "ada")]);

    expect(tries).toBe(3);
  });

  test("throws UnavailableError after five failed tries", async () => {
    let tries = 0;
    const writing = app.database.write(null, (tx) => {
      tries += 1;
      return tx.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    });

    await expect(writing).rejects.toBeInstanceOf(UnavailableError);
    expect(tries).toBe(5);
  });

  test("throws InvalidInputError for a value that does not fit its column", async () => {
    const writing = app.database.write(null, (tx) =>
      tx.query("INSERT INTO platform.users (id) VALUES ($1)", ["a\0b"]),
    );

    await expect(writing).rejects.toBeInstanceOf(InvalidInputError);
  });
});

describe("a database failure", () => {
  const endEveryConnection = () =>
    app.superuser(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'fabula'`,
    );

  // A socket's EPIPE is not an instance of Error in Jest's sandbox. So translateError returns such
  // an error unchanged here.
  const LOST = /^UnavailableError: The database is not answering|EPIPE|ECONNRESET/;

  /**
   * Reads until a read succeeds. Each ended connection of the pool may fail one read, but only with
   * the error LOST.
   */
  const readOnceBack = async (): Promise<Scope | undefined> => {
    for (let failures = 0; failures < 4; failures += 1) {
      try {
        return await app.database.read({ viewer: "ada" }, scopeIn);
      } catch (error) {
        expect(String(error)).toMatch(LOST);
      }
    }
    return app.database.read({ viewer: "ada" }, scopeIn);
  };

  test("during a read is an UnavailableError, and later reads succeed", async () => {
    const reading = app.database.read({ viewer: "ada" }, async (tx) => {
      await tx.query("SELECT 1");
      await endEveryConnection();
      await tx.query("SELECT 2");
    });

    await expect(reading).rejects.toBeInstanceOf(UnavailableError);
    expect(await readOnceBack()).toMatchObject({ viewer: "ada" });
  });

  test("during a write stores nothing of the write", async () => {
    const writing = app.database.write("ada", async (tx) => {
      await tx.query("INSERT INTO platform.users (id) VALUES ('ada')");
      await endEveryConnection();
    });

    await expect(writing).rejects.toBeInstanceOf(UnavailableError);
    expect(await app.superuser("SELECT FROM platform.users")).toEqual([]);
    expect(await readOnceBack()).toMatchObject({ viewer: "ada" });
  });

  test("by a statement timeout is an UnavailableError", async () => {
    const reading = app.database.read({ viewer: null }, async (tx) => {
      await tx.query("SET LOCAL statement_timeout = '5ms'");
      await tx.query("SELECT pg_sleep(5)");
    });

    await expect(reading).rejects.toBeInstanceOf(UnavailableError);
  });
});
