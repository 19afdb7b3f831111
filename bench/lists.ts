/**
 * Compares each list of the schema, with each of its filters and orders, with a hand-written statement for the
 * same rows. Run `npm run bench:lists`. Needs Linux, which tells the CPU time of processes.
 */
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords } from "./script-words.js";
import assert from "node:assert/strict";
import pg from "pg";
import { AUTHOR, type ListCase, globalIds } from "./lists/list-case.js";
import { rowsOfGraphQL, rowsOfPlain } from "./lists/rows.js";
import { Asked, type Effort, askInRounds, median, ratioOf, totalOf } from "./page/asked.js";
import { type Cluster, openCluster } from "./page/cluster.js";
import { type FabulaServer, startFabula } from "./page/fabula.js";
import { startPlainServer } from "./page/plain.js";
import type { ServerProcess } from "./page/processes.js";

const MOST_TIMES_PLAIN = 2;

interface Compared {
  readonly name: string;
  readonly databaseMs: number;
  readonly plainMs: number;
  readonly timesPlain: number;
  readonly totalTimesPlain: number;
}

const LINE = declareCommand({
  call: "npm run bench:lists --",
  summary: "compares every list with a hand-written statement",
  options: {
    keep: { value: "DIR", about: "keeps the database in this folder for the next run" },
    only: { value: "TEXT", about: "only the lists whose names contain this text; default all" },
    rounds: { value: "N", about: "rounds of each list", default: "5" },
    slice: { value: "MS", about: "how long a list is asked in a round", default: "400" },
  },
  examples: ["npm run bench:lists", "npm run bench:lists -- --only segments --keep data"],
});
const { values } = readScriptWords(LINE);

async function main(): Promise<void> {
  const size = { stories: 20_000, narrations: 400_000, users: 2_000 };
  const cluster = await openCluster(values.keep, size, console.error);
  // The cases contain public ids, so they need the key of the cluster.
  const { instanceCases } = await import("./lists/instance-cases.js");
  const { analysisCases, storyCases } = await import("./lists/reference-cases.js");
  const all = [...storyCases(await authorId(cluster)), ...analysisCases, ...instanceCases];
  const cases = all.filter(({ name }) => name.includes(values.only ?? ""));
  const statements = new Map(
    cases.map(({ name, sql }, index) => [pathOf(name), { name: `list ${index}`, text: sql }]),
  );
  const ours = await startFabula(cluster, {}, []);
  const plain = await startPlainServer(cluster, statements);
  const unsecured = await startPlainServer(cluster, statements, { isSuperuser: true });
  try {
    const compared: Compared[] = [];
    for (const one of cases) {
      const floor = one.isUnsecured ? unsecured : plain;
      compared.push(await compare(one, { ours, plain: floor, cluster }));
      console.error(`${compared.length} of ${cases.length}: ${one.name}`);
    }
    report(compared);
  } finally {
    await Promise.all([ours.close(), plain.close(), unsecured.close()]);
    await cluster.close();
  }
}

const pathOf = (name: string): string => `/${encodeURIComponent(name)}`;

async function authorId({ superUrl }: Cluster): Promise<string> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    "SELECT public_id AS id FROM platform.users WHERE id = $1",
    [AUTHOR],
  );
  await client.end();
  return globalIds("User", [rows[0]?.id ?? ""])[0] ?? "";
}

interface Servers {
  readonly ours: FabulaServer;
  readonly plain: ServerProcess;
  readonly cluster: Cluster;
}

/** @throws AssertionError if the rows differ */
async function compare(one: ListCase, { ours, plain, cluster }: Servers): Promise<Compared> {
  const { name, viewer, query, ids } = one;
  const headers = viewer === undefined ? {} : await ours.headersOf(viewer);
  const request = {
    path: "/graphql",
    headers,
    body: JSON.stringify({ query, variables: { ids } }),
  };
  const plainHeaders = viewer === undefined ? {} : { viewer };
  const plainRequest = { path: pathOf(name), headers: plainHeaders, body: "" };
  const asked = [
    new Asked({ name: `Fabula (${name})`, server: ours, request: () => request }, cluster.pid),
    new Asked({ name, server: plain, request: () => plainRequest }, cluster.pid),
  ] as const;
  try {
    if (one.hasRowsOfDatabase ?? true) {
      const rows = rowsOfPlain((await asked[1].ask()).body);
      assert.deepEqual(rowsOfGraphQL((await asked[0].ask()).body), rows, name);
    }
    for (const server of asked) await server.warmUp();
    const effort: Effort = {
      rounds: countOf(LINE, "rounds", values.rounds),
      sliceMs: countOf(LINE, "slice", values.slice),
    };
    const [own = [], floor = []] = await askInRounds(asked, effort);
    const database = (slice: { readonly databaseMs: number }): number => slice.databaseMs;
    return {
      name,
      databaseMs: median(own.map(database)),
      plainMs: median(floor.map(database)),
      timesPlain: ratioOf(own, floor, database),
      totalTimesPlain: ratioOf(own, floor, totalOf),
    };
  } finally {
    for (const server of asked) server.close();
  }
}

function report(compared: readonly Compared[]): void {
  console.log("| list | PostgreSQL ms | plain ms | x plain | with the servers, x plain | |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const one of compared.toSorted((a, b) => b.timesPlain - a.timesPlain)) {
    const numbers = [one.databaseMs, one.plainMs, one.timesPlain, one.totalTimesPlain];
    const verdict = one.timesPlain <= MOST_TIMES_PLAIN ? "" : `above ${MOST_TIMES_PLAIN}`;
    const cells = [one.name, ...numbers.map((number) => number.toFixed(2)), verdict];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

await main();
