/**
 * Measures what the hot page costs: stories with their analyses, templates and the viewer's narrations.
 * Compares Fabula with one tuned SQL statement and with PostGraphile, all under the same row-level
 * security. Run `npm run bench:page`. Needs Linux, which tells the CPU time of processes.
 */
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords } from "./script-words.js";
import { writeFile } from "node:fs/promises";
import { CELLS, cellNamed } from "./page/cells.js";
import { openCluster } from "./page/cluster.js";
import { measureLoad, measureMemory } from "./page/load.js";
import { type Cost, measureCell } from "./page/measure.js";
import { plotOf } from "./page/plot.js";
import { rowsOf, tableOf } from "./page/table.js";
import { FLOOR, VARIANTS, type Variant, startVariant } from "./page/variants.js";

const LINE = declareCommand({
  call: "npm run bench:page --",
  summary: "compares the hot page with one tuned SQL statement and with PostGraphile",
  options: {
    keep: { value: "DIR", about: "keeps the database in this folder for the next run" },
    narrations: { value: "N", about: "narrations in the database", default: "400000" },
    cell: { value: "CELL", about: "only this cell of the table", isRepeatable: true },
    only: { value: "NAME,NAME", about: "the programs", default: Object.keys(VARIANTS).join() },
    rounds: { value: "N", about: "rounds of each cell", default: "9" },
    slice: { value: "MS", about: "how long one program is asked in one round", default: "1000" },
    plot: { value: "FILE", about: "also draws the plot into this file" },
    clients: { value: "N,N", about: "measures failures at these numbers of clients instead" },
    requests: { value: "N", about: "measures the memory during so many requests instead" },
    node: {
      value: "FLAG",
      about: "a flag for node, for example --node=--cpu-prof",
      isRepeatable: true,
    },
  },
  examples: ["npm run bench:page", "npm run bench:page -- --clients 16,64,128"],
});
const { values } = readScriptWords(LINE);
const cells = values.cell.length > 0 ? values.cell.map(cellNamed) : CELLS;
const size = {
  stories: 20_000,
  narrations: countOf(LINE, "narrations", values.narrations),
  users: 2_000,
};
const cluster = await openCluster(values.keep, size, console.error);
const variants: Variant[] = [];

async function start(names: Iterable<string>): Promise<void> {
  for (const name of names) variants.push(await startVariant(name, cluster, values.node));
}

async function compareCosts(): Promise<void> {
  await start(new Set([FLOOR, ...values.only.split(",")]));
  const effort = {
    rounds: countOf(LINE, "rounds", values.rounds),
    sliceMs: countOf(LINE, "slice", values.slice),
  };
  const costs: Cost[] = [];
  for (const cell of cells) {
    const measured = await measureCell(cluster, variants, cell, effort);
    console.error(rowsOf(measured).join("\n"));
    costs.push(...measured);
  }
  console.log(tableOf(costs));
  if (values.plot !== undefined) await writeFile(values.plot, plotOf(costs, FLOOR));
}

async function load(clients: readonly number[]): Promise<void> {
  await start(values.only.split(","));
  for (const variant of variants) {
    for (const count of clients) {
      const { failed, answered, perSecond, p99Ms } = await measureLoad(variant, loaded, count);
      console.log(
        `${variant.name}, ${count} clients: ${failed} of ${answered + failed} failed, ` +
          `${perSecond.toFixed(0)} a second, p99 ${p99Ms.toFixed(0)} ms`,
      );
    }
  }
}

async function memory(requests: number): Promise<void> {
  await start(values.only.split(","));
  for (const variant of variants) {
    const curve = await measureMemory(variant, loaded, requests);
    const points = curve.map((megabytes) => megabytes.toFixed(0)).join(" ");
    console.log(`${variant.name}, ${requests} requests: ${points} MB RSS`);
  }
}

const loaded = cellNamed(values.cell[0] ?? "20,signed-in,segments");
try {
  if (values.clients !== undefined)
    await load(values.clients.split(",").map((count) => countOf(LINE, "clients", count)));
  else if (values.requests !== undefined) await memory(countOf(LINE, "requests", values.requests));
  else await compareCosts();
} finally {
  for (const { server } of variants) await server.close();
  await cluster.close();
}
