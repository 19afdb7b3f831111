import { prepareDatabase } from "../../../src/app.js";
import { type TestApp, testApp } from "../../support/app.js";
import { cloneDatabase } from "../../support/test-database.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  migrate = commandsOf(legacy);
});
afterEach(() => legacy.drop());

/** Starts an app as a process does, runs `work`, and closes the app. */
async function withApp<T>(work: (app: TestApp) => Promise<T>): Promise<T> {
  const { checks } = await prepareDatabase(legacy.superUrl);
  const app = await testApp({ database: legacy, checks });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const obstacle = () => withApp(async ({ readiness }) => (await readiness.obstacle())?.message);

test("a server does not touch the database of the old application, and says what to do", async () => {
  await legacy.superuser("DROP SCHEMA platform, reference, instances CASCADE");

  const refusal = await prepareDatabase(legacy.superUrl).catch((error: unknown) => error);

  expect(refusal).toMatchObject({
    message: expect.stringMatching(/migrate -- plan[^]*migrate -- expand/),
  });
  expect(
    await legacy.superuser("SELECT FROM pg_namespace WHERE nspname IN ('platform', 'reference')"),
  ).toEqual([]);
});

test("a server waits during the backfill and after a rollback, and names the next command", async () => {
  await migrate.text("expand");
  const expanded = await obstacle();
  await migrate.text("backfill");
  const backfilled = await obstacle();
  await migrate.text("rollback");

  expect(expanded).toContain("npm run migrate -- backfill");
  expect(backfilled).toBeUndefined();
  expect(await obstacle()).toContain("npm run migrate -- expand");
});

test("a running server becomes ready when the backfill ends, and stays ready when the transition is dropped", async () => {
  await migrate.text("expand");

  await withApp(async ({ readiness }) => {
    const ready = Promise.withResolvers<undefined>();
    await readiness.whenReady(async () => {
      await Promise.resolve();
      ready.resolve(undefined);
    }, ready.reject);
    await migrate.text("backfill");
    await ready.promise;
  });
  const { checks } = await prepareDatabase(legacy.superUrl);
  await legacy.superuser("DROP SCHEMA legacy_sync CASCADE");
  const app = await testApp({ database: legacy, checks });

  expect(await app.readiness.obstacle()).toBeNull();
  await app.close();
});

test("a fresh database has no checks to ask", async () => {
  const fresh = await cloneDatabase();

  expect(await prepareDatabase(fresh.superUrl)).toEqual({ migrations: [], checks: [] });
  await fresh.drop();
});
