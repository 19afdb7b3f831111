import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords } from "./script-words.js";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type OpenDatabase, openDatabase } from "../src/app/open-database.js";
import { issueDevelopmentToken } from "../src/http/tokens.js";
import { print, say } from "../src/platform/process/process.js";
import { NESTED_PAGE } from "./scratch-server.js";
import { claims } from "./scratch-app.js";
import { type Program, startMeasured } from "./start/measured-process.js";
import { postgresCpuMs } from "./start/postgres-cpu.js";

/*
 * Measures the start: `npm run bench:start`. `-- --rounds 3` starts each program three times, and
 * `-- --requests 10000` sends so many pages before the last look at the memory. Each round starts every
 * program once, so that the load of the machine changes the numbers of all programs. The demo data exists
 * and PostgreSQL runs before the first round. CPU is the user and system time of all threads.
 */

const LINE = declareCommand({
  call: "npm run bench:start --",
  summary: "measures the start of the processes",
  options: {
    rounds: { value: "N", about: "how often each program starts", default: "9" },
    requests: { value: "N", about: "pages before the last look at the memory", default: "1000" },
  },
  examples: ["npm run bench:start", "npm run bench:start -- --rounds 3"],
});
const { values } = readScriptWords(LINE);
const ROUNDS = countOf(LINE, "rounds", values.rounds);
const REQUESTS = countOf(LINE, "requests", values.requests);

interface Measured {
  readonly startMs: number;
  /** The CPU of PostgreSQL during the start. NaN where it cannot be measured. */
  readonly databaseMs: number;
  readonly firstMs: number;
  readonly secondMs: number;
  readonly readyMb: number;
}

interface Place {
  readonly database: OpenDatabase;
  readonly token: string;
}

async function measure(program: Program, { database, token }: Place): Promise<Measured> {
  const databaseCpuMs = () => postgresCpuMs(database.filesDir) ?? NaN;
  const before = databaseCpuMs();
  const running = await startMeasured(program);
  const { address, ready } = running;
  const databaseMs = databaseCpuMs() - before;
  await ask(address, token);
  const first = await running.usage();
  await ask(address, token);
  const second = await running.usage();
  await running.stop();
  return {
    ...{ startMs: ready.cpuMs, databaseMs },
    firstMs: first.cpuMs - ready.cpuMs,
    secondMs: second.cpuMs - first.cpuMs,
    readyMb: ready.rssMb,
  };
}

async function ask(address: string, token: string): Promise<void> {
  const reply = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: NESTED_PAGE }),
  });
  const { errors } = (await reply.json()) as { errors?: unknown };
  if (errors) throw new Error(`The page failed: ${JSON.stringify(errors)}`);
}

/** Lets a server make the demo data, and waits until its jobs have ended. */
async function prepare(server: Program, { database }: Place): Promise<void> {
  const running = await startMeasured(server);
  const client = new pg.Client({ connectionString: database.migrationUrl });
  await client.connect();
  for (let quiet = 0, looks = 0; quiet < 10 && looks < 300; looks++) {
    const { rowCount } = await client.query(
      "SELECT FROM jobs.job WHERE state < 'completed' AND start_after < now()",
    );
    quiet = rowCount === 0 ? quiet + 1 : 0;
    await pause(200);
  }
  await client.end();
  await running.stop();
}

async function memory(server: Program, { token }: Place): Promise<void> {
  const running = await startMeasured(server);
  const sizes = [running.ready.rssMb];
  for (let tenth = 0; tenth < 10; tenth++) {
    for (let request = 0; request < REQUESTS / 10; request++) await ask(running.address, token);
    sizes.push((await running.usage()).rssMb);
  }
  await running.stop();
  print(`\nMemory of "${server.name}" at ready and after each tenth of ${REQUESTS} pages, in MB:`);
  print(`  ${sizes.map((size) => size.toFixed(0)).join(", ")}`);
}

function report(programs: readonly Program[], rounds: readonly (readonly Measured[])[]): void {
  const columns: readonly (readonly [string, (one: Measured) => number])[] = [
    ["start, ms CPU", ({ startMs }) => startMs],
    ["of PostgreSQL", ({ databaseMs }) => databaseMs],
    ["first answer", ({ firstMs }) => firstMs],
    ["second answer", ({ secondMs }) => secondMs],
    ["MB at ready", ({ readyMb }) => readyMb],
  ];
  print(`\nMedians of ${ROUNDS} starts\n`);
  print(`  ${"".padEnd(24)}${columns.map(([title]) => title.padStart(15)).join("")}`);
  for (const [at, { name }] of programs.entries()) {
    const cells = columns.map(([, of]) =>
      median(rounds.flatMap((round) => round.slice(at, at + 1).map(of)))
        .toFixed(0)
        .padStart(15),
    );
    print(`  ${name.padEnd(24)}${cells.join("")}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const dataDir = await mkdtemp(join(tmpdir(), "fabula-bench-"));
// PostgreSQL must be able to enter the folder. If we are root, PostgreSQL runs as the user `nobody`.
await chmod(dataDir, 0o755);
const database = await openDatabase({ database: undefined, dataDir }, say);
const secret = await database.developmentSecret();
const place = { database, token: await issueDevelopmentToken(secret, claims) };
const main = new URL("../src/main.js", import.meta.url);
// All pages come from one user, so the user needs a larger budget than a real user has.
const BUDGET = { COST_BUCKET: "1000000000", COST_PER_SECOND: "1000000" };
const development: Program = {
  name: "npm start",
  file: main,
  env: { DATA_DIR: dataDir, PORT: "0", ...BUDGET },
};
const production: Program = {
  name: "production",
  file: main,
  env: {
    ...{ NODE_ENV: "production", DATA_DIR: dataDir, HOST: "127.0.0.1", PORT: "0" },
    ...{ DATABASE_URL: database.url, MIGRATION_DATABASE_URL: database.migrationUrl },
    AUTH_SECRET: secret,
    ...BUDGET,
  },
};
const floor: Program = {
  name: "bare node:http and pg",
  file: new URL("./start/floor.js", import.meta.url),
  env: { DATABASE_URL: database.url },
};
try {
  await prepare(development, place);
  const programs = [production, development, floor];
  const rounds: Measured[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const measured: Measured[] = [];
    for (const program of programs) measured.push(await measure(program, place));
    rounds.push(measured);
  }
  report(programs, rounds);
  if (REQUESTS > 0) await memory(production, place);
} finally {
  await database.leave();
  await rm(dataDir, { recursive: true, force: true });
}
