/**
 * Migrates generated legacy databases, idle and while the old application works, and prints the rates beside
 * those of a plain INSERT ... SELECT of the same rows into the same tables.
 */
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords } from "./script-words.js";
import type pg from "pg";
import { prepareDatabase } from "../src/app.js";
import { backfill } from "../src/legacy/backfill/backfill.js";
import { MOST_ACTIVE } from "../src/legacy/backfill/throttle.js";
import { connect, inTransaction } from "../src/legacy/connection.js";
import { OldApplication, type OldApplicationReport } from "../src/legacy/demo/old-application.js";
import { findLegacyDatabase } from "../src/legacy/legacy-database.js";
import { installedPairs } from "../src/legacy/pairs.js";
import { attach } from "../src/legacy/sync/attach.js";
import { install } from "../src/legacy/sync/install.js";
import { print, say } from "../src/platform/process/process.js";
import { percentile } from "./chaos/latencies.js";
import { LEGACY_OWNER, MigrationServer } from "./chaos/migration-server.js";
import { seededRandom } from "./recordings/seeded-random.js";

const LINE = declareCommand({
  call: "npm run bench:migration --",
  summary: "measures the online migration, and the old application meanwhile",
  options: {
    sizes: { value: "N,N", about: "numbers of narrations", default: "10000,100000" },
    lanes: { value: "N", about: "connections of the backfill", default: "2" },
  },
  examples: ["npm run bench:migration", "npm run bench:migration -- --sizes 1000"],
});
const { values } = readScriptWords(LINE);
const sizes = values.sizes.split(",").map((size) => countOf(LINE, "sizes", size));
const lanes = countOf(LINE, "lanes", values.lanes);

const LARGEST_BATCH = 5_000;
/** Statements of the old application: before the migration, and at least during the migration. */
const BASELINE_STATEMENTS = 2_000;
const WRITERS = 4;
const STATEMENTS_PER_SECOND = 400;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

interface Migrated {
  /** Narrations with their segments, per second of their own backfill. */
  readonly narrationsPerSecond: number;
  readonly segmentsPerSecond: number;
  readonly rowsOfBatch: number;
  readonly seconds: number;
}

/** Expands and copies everything. */
async function migrate(client: pg.Client, url: string): Promise<Migrated> {
  const startedMs = performance.now();
  const legacy = await findLegacyDatabase(client);
  if (!legacy) throw new Error("The database is not a legacy database.");
  await prepareDatabase(url, []);
  await install(client, { legacy, timeZone: "UTC" });
  await attach(client, legacy);
  const marks = new Map<string, number>();
  let batches = 0;
  await backfill(client, {
    pairs: await installedPairs(client, legacy.tables),
    largestBatch: LARGEST_BATCH,
    mostActive: MOST_ACTIVE,
    lanes: { most: lanes, open: () => connect(url) },
    shouldStop: () => false,
    watcher: {
      started: ({ name }) => marks.set(`${name} began`, performance.now()),
      advanced: ({ name }) => {
        if (name === "narrations") batches += 1;
      },
      finished: ({ name }) => marks.set(`${name} ended`, performance.now()),
    },
  });
  const seconds =
    ((marks.get("narrations ended") ?? 0) - (marks.get("narrations began") ?? 0)) / 1000;
  const narrations = await count(client, "instances.user_story_narrations");
  return {
    narrationsPerSecond: narrations / seconds,
    rowsOfBatch: Math.ceil(narrations / Math.max(batches, 1)),
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

interface PlainCopies {
  /** Narrations per second of one connection, with one statement for each table. */
  readonly atOnce: number;
  /** The same with a transaction for each batch, of as many rows as a batch of the backfill has. */
  readonly inBatches: number;
}

/** Copies the migrated rows into equal tables, with their indexes and all their foreign keys. */
async function copyPlainly(client: pg.Client, rowsOfBatch: number): Promise<PlainCopies> {
  await client.query(
    `CREATE SCHEMA plain;
     CREATE TABLE plain.narrations (LIKE instances.user_story_narrations INCLUDING ALL,
       FOREIGN KEY (user_id) REFERENCES platform.users,
       FOREIGN KEY (reference_story_id) REFERENCES reference.stories,
       FOREIGN KEY (analysis_id) REFERENCES reference.story_analyses);
     CREATE TABLE plain.segments (LIKE instances.user_narration_segments INCLUDING ALL,
       FOREIGN KEY (user_id, narration_id) REFERENCES plain.narrations (user_id, id) ON DELETE CASCADE);
     CREATE TABLE plain.from_narrations AS SELECT * FROM instances.user_story_narrations ORDER BY id;
     CREATE TABLE plain.from_segments AS SELECT * FROM instances.user_narration_segments ORDER BY narration_id;
     CREATE INDEX ON plain.from_narrations (id);
     CREATE INDEX ON plain.from_segments (narration_id);
     ANALYZE plain.from_narrations, plain.from_segments`,
  );
  const all = await count(client, "plain.from_narrations");
  const rateOf = async (size: number): Promise<number> => {
    await client.query("TRUNCATE plain.narrations CASCADE");
    const startedMs = performance.now();
    for (let last: string | null = "-2147483649"; last !== null;) {
      last = await copyPage(client, last, size);
    }
    return (1_000 * all) / (performance.now() - startedMs);
  };
  return { atOnce: await rateOf(all + 1), inBatches: await rateOf(rowsOfBatch) };
}

/** Copies one page in one transaction. Returns its last key, or null if no row was left. */
async function copyPage(client: pg.Client, after: string, size: number): Promise<string | null> {
  const { rows } = await client.query<{ last: string | null }>(
    `SELECT max(p.id)::text AS last
     FROM (SELECT n.id FROM plain.from_narrations n WHERE n.id > $1 ORDER BY n.id LIMIT $2) p`,
    [after, size],
  );
  const last = rows[0]?.last ?? null;
  if (last === null) return null;
  await inTransaction(client, async () => {
    await client.query(
      "INSERT INTO plain.narrations SELECT n.* FROM plain.from_narrations n WHERE n.id > $1 AND n.id <= $2",
      [after, last],
    );
    await client.query(
      "INSERT INTO plain.segments SELECT s.* FROM plain.from_segments s WHERE s.narration_id > $1 AND s.narration_id <= $2",
      [after, last],
    );
  });
  return last;
}

/** Lets the old application work before and during a migration. */
async function migrateUnderLoad(client: pg.Client, url: string) {
  const work = (seed: number): OldApplication =>
    new OldApplication({
      ...{ url, role: LEGACY_OWNER, random: seededRandom(seed), writers: WRITERS },
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

const latencies = ({ latenciesMs }: OldApplicationReport): string =>
  `p99 ${percentile(latenciesMs, 0.99).toFixed(1)} ms, max ${percentile(latenciesMs, 1).toFixed(0)} ms`;

const share = ({ narrationsPerSecond }: Migrated, plain: number): string =>
  `${Math.round((100 * narrationsPerSecond) / plain)} % of ${whole(plain)} narrations/s`;

const whole = (value: number): string => Math.round(value).toLocaleString("en");

async function measure(server: MigrationServer, size: number): Promise<void> {
  const template = `legacy_${size}`;
  const [calm, busy] = [`${template}_idle`, `${template}_busy`];
  say(`Generating ${whole(size)} narrations`);
  await server.makeLegacy(template, size);
  say("Migrating without load");
  await server.copy(calm, template);
  const { idle, plain } = await withClient(server.urlOf(calm), async (client) => {
    const idle = await migrate(client, server.urlOf(calm));
    return { idle, plain: await copyPlainly(client, idle.rowsOfBatch) };
  });
  await server.remove(calm);
  say("Migrating while the old application works");
  await server.copy(busy, template);
  const loaded = await withClient(server.urlOf(busy), (client) =>
    migrateUnderLoad(client, server.urlOf(busy)),
  );
  await server.remove(busy);
  const { rss } = process.memoryUsage();
  print(
    `${whole(size)} narrations, all in ${idle.seconds.toFixed(1)} s; memory ${whole(rss / 1e6)} MB`,
  );
  print(
    `  backfill of narrations   ${whole(idle.narrationsPerSecond)} narrations/s, ${whole(idle.segmentsPerSecond)} segments/s (bars 10,000 and 100,000)`,
  );
  print(
    `  against a plain copy     ${share(idle, plain.atOnce)} with one statement for each table (bar 80 %), ${share(idle, plain.inBatches)} in batches of ${idle.rowsOfBatch}`,
  );
  print(
    `  old application before   ${latencies(loaded.baseline)}, ${loaded.baseline.failures.length} failed`,
  );
  print(
    `  old application during   ${latencies(loaded.during)}, ${loaded.during.failures.length} of ${whole(loaded.during.statements)} failed (bars p99 25 ms, max 250 ms, 0 failed)`,
  );
  for (const failure of loaded.during.failures.slice(0, 5)) say(`  ${failure}`);
}

const server = await MigrationServer.start();
try {
  for (const size of sizes) await measure(server, size);
} finally {
  await server.close();
}
