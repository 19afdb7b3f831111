import path from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import pg from "pg";
import { bundlePackages } from "../../.config/test-packages.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const built = (file) => path.join(root, "dist", file);

// With these settings, a power cut may destroy the data. This does no harm, because every run makes
// new test databases.
const UNSAFE_SETTINGS = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

/**
 * Starts or joins the test server of this checkout, and makes one migrated template database for this
 * run. The server keeps its data between runs. The names of all databases of a run begin with
 * test_<run>_, so that the teardown can drop these databases. If this run is killed, a later run drops
 * them.
 */
export default async function startTestDatabase() {
  if (!existsSync(built("src/platform/embedded-postgres/index.js"))) {
    throw new Error("The tests need built code; run npm test, or npm run build before jest.");
  }
  await bundlePackages();
  const { startEmbeddedPostgres } = await load("src/platform/embedded-postgres/index.js");
  const lines = [];
  const server = await startEmbeddedPostgres({
    dataDir: path.join(root, ".fabula/test-postgres"),
    logger: (line) => lines.push(line),
    settings: UNSAFE_SETTINGS,
  }).catch((error) => {
    const advice = "If the test server cannot be repaired, delete .fabula/test-postgres.";
    throw new Error([...lines, error.message, advice].join("\n"), { cause: error });
  });
  globalThis.testServer = server;
  const template = await makeTemplate(server).catch(async (error) => {
    // Clean up here, because jest runs no teardown after a failed setup.
    await globalThis.testPresence?.end();
    await server.stop();
    throw error;
  });

  process.env.TEST_PG_SUPER_URL = server.superUrl;
  process.env.TEST_PG_OWNER_URL = server.ownerUrl;
  process.env.TEST_PG_APP_URL = server.appUrl;
  process.env.TEST_PG_LOG = server.logFile;
  process.env.TEST_TEMPLATE_DB = template;
}

async function makeTemplate({ superUrl, ownerUrl }) {
  const prefix = `test_${Date.now().toString(36)}${process.pid.toString(36)}_`;
  const presence = await announce(superUrl, prefix);
  globalThis.testPresence = presence;
  globalThis.testPrefix = prefix;
  await dropDatabasesOfEndedRuns(presence);

  const template = `${prefix}template`;
  await presence.query(`CREATE DATABASE ${template} OWNER fabula_owner`);
  await migrateTemplate(ownerUrl, template);
  return template;
}

function load(file) {
  return import(pathToFileURL(built(file)).href);
}

/** Opens a connection for the whole run. Its name shows other runs that this run is alive. */
async function announce(connectionString, applicationName) {
  const client = new pg.Client({ connectionString, application_name: applicationName });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function dropDatabasesOfEndedRuns(client) {
  const { rows } = await client.query(
    `SELECT datname FROM pg_database
     WHERE datname ~ '^test_[0-9a-z]+_' AND NOT EXISTS (
       SELECT FROM pg_stat_activity AS run
       WHERE run.application_name ~ '^test_[0-9a-z]+_$'
         AND starts_with(pg_database.datname, run.application_name))`,
  );
  for (const { datname } of rows) {
    await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  }
}

async function migrateTemplate(ownerUrl, template) {
  const { prepareDatabase } = await load("src/app.js");
  const url = new URL(ownerUrl);
  url.pathname = `/${template}`;
  await prepareDatabase(url.href);
}
