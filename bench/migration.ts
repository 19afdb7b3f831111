/**
 * Migrates generated legacy databases, idle and while the old application works, and prints the rates beside
 * those of a plain INSERT ... SELECT of the same rows.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type pg from "pg";
import { prepareDatabase } from "../src/app.js";
import { backfill } from "../src/legacy/backfill/backfill.js";
import { connect, quoted } from "../src/legacy/connection.js";
import { createLegacyTables, generateLegacyData } from "../src/legacy/demo/generator.js";
import { OldApplication, type OldApplicationReport } from "../src/legacy/demo/old-application.js";
import { findLegacyDatabase } from "../src/legacy/legacy-database.js";
import { installedPairs } from "../src/legacy/pairs.js";
import { attach } from "../src/legacy/sync/attach.js";
import { install } from "../src/legacy/sync/install.js";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres/index.js";
import { print, say } from "../src/platform/process.js";
import { seededRandom } from "./recordings/seeded-random.js";

const { values } = parseArgs({ options: { sizes: { type: "string", default: "10000,100000" } } });
const sizes = values.sizes.split(",").map(Number);

const OWNER = "legacy_app";
const LARGEST_BATCH = 5_000;
/** Statements of the old application: before the migration, and at least during the migration. */
const BASELINE_STATEMENTS = 2_000;
const WRITERS = 4;
const STATEMENTS_PER_SECOND = 400;

/** A server of its own, without the settings that make tests fast. */
async function startServer() {
  const dataDir = await mkdtemp(join(tmpdir(), "fabula-bench-migration-"));
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres"), logger: say });
  const urlOf = (database: string): string => {
    const url = new URL(server.superUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  const admin = await connect(server.superUrl);
  return {
    /** Makes a database, empty or as a copy of another one. Returns its address. */
    make: async (name: string, template = "template0"): Promise<string> => {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return urlOf(name);
    },
    remove: (name: string) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`),
    prepareOwner: () => admin.query(`CREATE ROLE ${OWNER} NOLOGIN NOSUPERUSER`),
    close: async () => {
      await admin.end();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const makeLegacy = (url: string, narrations: number): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(`GRANT CREATE ON SCHEMA public TO ${OWNER}`);
    await createLegacyTables(client, OWNER);
    await generateLegacyData(client, OWNER, { seed: "bench", narrations });
  });

interface Migrated {
  /** Narrations with their segments, per second of their own backfill. */
  readonly narrationsPerSecond: number;
  readonly segmentsPerSecond: number;
  readonly seconds: number;
}

/** Expands and copies everything. */
async function migrate(client: pg.Client, url: string): Promise<Migrated> {
  const startedMs = performance.now();
  const legacy = await findLegacyDatabase(client);
  if (!legacy) throw new Error("The database is not a legacy database.");
  await prepareDatabase(url);
  await install(client, { legacy, timeZone: "UTC" });
  await attach(client, legacy);
  const marks = new Map<string, number>();
  await backfill(client, {
    pairs: await installedPairs(client, legacy.tables),
    largestBatch: LARGEST_BATCH,
    mostActive: 64,
    shouldStop: () => false,
    watcher: {
      started: ({ name }) => marks.set(`${name} began`, performance.now()),
      advanced: () => undefined,
      finished: ({ name }) => marks.set(`${name} ended`, performance.now()),
    },
  });
  const seconds =
    ((marks.get("narrations ended") ?? 0) - (marks.get("narrations began") ?? 0)) / 1000;
  return {
    narrationsPerSecond: (await count(client, "instances.user_story_narrations")) / seconds,
    segmentsPerSecond: (await count(client, "instances.user_narration_segments")) / seconds,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

async function count(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  return rows[0]?.count ?? 0;
}

/** Copies the migrated rows into equal tables, with their indexes and the foreign key. Returns narrations per second. */
async function copyPlainly(client: pg.Client): Promise<number> {
  await client.query(
    `CREATE SCHEMA plain;
     CREATE TABLE plain.narrations (LIKE instances.user_story_narrations INCLUDING ALL);
     CREATE TABLE plain.segments (LIKE instances.user_narration_segments INCLUDING ALL,
       FOREIGN KEY (user_id, narration_id) REFERENCES plain.narrations (user_id, id) ON DELETE CASCADE)`,
  );
  const startedMs = performance.now();
  await client.query("INSERT INTO plain.narrations SELECT * FROM instances.user_story_narrations");
  await client.query("INSERT INTO plain.segments SELECT * FROM instances.user_narration_segments");
  const seconds = (performance.now() - startedMs) / 1000;
  return (await count(client, "plain.narrations")) / seconds;
}

/** Lets the old application work before and during a migration. */
async function migrateUnderLoad(client: pg.Client, url: string) {
  const work = (seed: number): OldApplication =>
    new OldApplication({
      ...{ url, role: OWNER, random: seededRandom(seed), writers: WRITERS },
      statementsPerSecond: STATEMENTS_PER_SECOND,
    });
  const before = work(1);
  before.start();
  await before.untilIssued(BASELINE_STATEMENTS);
  const baseline = await before.stop();
  const during = work(2);
  during.start();
  const migrated = await migrate(client, url);
  return { baseline, migrated, during: await during.stop() };
}

function percentile({ latenciesMs }: OldApplicationReport, share: number): number {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const latencies = (report: OldApplicationReport): string =>
  `p99 ${percentile(report, 0.99).toFixed(1)} ms, max ${percentile(report, 1).toFixed(0)} ms`;

const whole = (value: number): string => Math.round(value).toLocaleString("en");

async function measure(
  server: Awaited<ReturnType<typeof startServer>>,
  size: number,
): Promise<void> {
  const template = `legacy_${size}`;
  say(`Generating ${whole(size)} narrations`);
  await makeLegacy(await server.make(template), size);
  const idleUrl = await server.make(`${template}_idle`, quoted(template));
  say("Migrating without load");
  const { idle, plain } = await withClient(idleUrl, async (client) => ({
    idle: await migrate(client, idleUrl),
    plain: await copyPlainly(client),
  }));
  await server.remove(`${template}_idle`);
  const busyUrl = await server.make(`${template}_busy`, quoted(template));
  say("Migrating while the old application works");
  const busy = await withClient(busyUrl, (client) => migrateUnderLoad(client, busyUrl));
  await server.remove(`${template}_busy`);
  const { rss } = process.memoryUsage();
  print(
    `${whole(size)} narrations, all in ${idle.seconds.toFixed(1)} s; memory ${whole(rss / 1e6)} MB`,
  );
  print(
    `  backfill of narrations   ${whole(idle.narrationsPerSecond)} narrations/s, ${whole(idle.segmentsPerSecond)} segments/s (bars 10,000 and 100,000)`,
  );
  print(
    `  against a plain copy     ${Math.round((100 * idle.narrationsPerSecond) / plain)} % of ${whole(plain)} narrations/s (bar 80 %)`,
  );
  print(
    `  old application before   ${latencies(busy.baseline)}, ${busy.baseline.failures.length} failed`,
  );
  print(
    `  old application during   ${latencies(busy.during)}, ${busy.during.failures.length} of ${whole(busy.during.statements)} failed (bars p99 25 ms, max 250 ms, 0 failed)`,
  );
  for (const failure of busy.during.failures.slice(0, 5)) say(`  ${failure}`);
}

const server = await startServer();
try {
  await server.prepareOwner();
  for (const size of sizes) await measure(server, size);
} finally {
  await server.close();
}
