import pg from "pg";
import { createApp, prepareDatabase } from "../../../../src/app.js";
import { dataSourceFor } from "../../../../ormconfig.js";
import { createMediaSigner } from "../../../../src/http/media/signer.js";
import { createUploadSigner } from "../../../../src/http/uploads/upload-signer.js";
import { systemClock } from "../../../../src/platform/clock.js";
import { Role } from "../../../../src/platform/database/connection/settings.js";
import { NO_QUOTAS } from "../../../../src/config.js";
import { silent } from "../../../support/app.js";
import { type TestDatabase, cloneDatabase } from "../../../support/test-database.js";

const LOGIN = "plain_login";
const SIGNING = { secret: "a secret of the tests, never of a server", clock: systemClock };

let database: TestDatabase;
let url: string;
beforeAll(async () => {
  database = await cloneDatabase();
  await database.superuser(`DROP ROLE IF EXISTS ${LOGIN}`);
  await database.superuser(`CREATE ROLE ${LOGIN} LOGIN NOINHERIT PASSWORD 'plain'`);
  const asLogin = new URL(database.superUrl);
  asLogin.username = LOGIN;
  asLogin.password = "plain";
  url = asLogin.href;
});
afterAll(async () => {
  await database.drop();
  const superuser = new pg.Client({
    connectionString: database.superUrl.replace(database.name, "postgres"),
  });
  await superuser.connect();
  await superuser.query(`DROP ROLE ${LOGIN}`);
  await superuser.end();
});

const appAs = () =>
  createApp({
    dataSource: dataSourceFor({ url, role: Role.App, poolSize: 1 }),
    databaseUrl: url,
    logger: silent,
    quotas: NO_QUOTAS,
    storage: { kind: "disk", root: "/nonexistent" },
    mediaSigner: createMediaSigner(SIGNING),
    uploadSigner: createUploadSigner(SIGNING),
    workerThreads: 1,
  });

/** Returns the statements in the message of an error. Each statement is on an indented line. */
const statementsIn = (error: unknown): string[] =>
  String(error)
    .split("\n")
    .filter((line) => line.startsWith("  "));

test("a login without rights starts after the printed statements ran", async () => {
  await expect(appAs()).rejects.toThrow("may not act as fabula_app, fabula_worker, fabula_queue");
  const advice = statementsIn(await prepareDatabase(url).catch((error: unknown) => error));

  for (const statement of advice.filter((line) => !line.includes("CREATE ROLE"))) {
    await database.superuser(statement);
  }

  await prepareDatabase(url);
  const app = await appAs();
  const jobs = await app.openJobs();
  const role = "SELECT current_user AS role";
  const roles = await Promise.all([
    app.services.database.read({ viewer: null }, (tx) => tx.query<object[]>(role)),
    jobs.read({ viewer: null }, (tx) => tx.query<object[]>(role)),
  ]);
  await app.close();
  expect(roles).toEqual([[{ role: "fabula_app" }], [{ role: "fabula_worker" }]]);
  expect(advice.filter((line) => line.includes("CREATE ROLE"))).toHaveLength(4);
});
