/**
 * Measures what the hot page costs: stories with their analyses, templates and the viewer's narrations.
 * Compares Fabula with one tuned SQL statement and with PostGraphile, all under the same row-level
 * security. Run `npm run bench:page`. Needs Linux, which tells the CPU time of processes.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CELLS, cellNamed } from "./page/cells.js";
import { openCluster } from "./page/cluster.js";
import { measureLoad, measureMemory } from "./page/load.js";
import { type Cost, measureCell } from "./page/measure.js";
import { plotOf } from "./page/plot.js";
import { rowsOf, tableOf } from "./page/table.js";
import { FLOOR, VARIANTS, type Variant, startVariant } from "./page/variants.js";

const { values } = parseArgs({
  options: {
    keep: { type: "string" },
    narrations: { type: "string", default: "400000" },
    cell: { type: "string", multiple: true },
    only: { type: "string", default: Object.keys(VARIANTS).join() },
    rounds: { type: "string", default: "9" },
    /** How long one variant is asked in one round, in milliseconds. */
    slice: { type: "string", default: "1000" },
    /** The file of the plot. */
    plot: { type: "string" },
    /** Measures failures at these numbers of clients, such as 16,64,128, and not the costs. */
    clients: { type: "string" },
    /** Measures the memory during this number of requests, and not the costs. */
    requests: { type: "string" },
    /** A flag for node, such as --cpu-prof. */
    node: { type: "string", multiple: true, default: [] },
  },
});
const cells = values.cell?.map(cellNamed) ?? CELLS;
const size = { stories: 20_000, narrations: Number(values.narrations), users: 2_000 };
const cluster = await openCluster(values.keep, size, console.error);
const variants: Variant[] = [];

async function start(names: Iterable<string>): Promise<void> {
  for (const name of names) variants.push(await startVariant(name, cluster, values.node));
}

async function compareCosts(): Promise<void> {
  await start(new Set([FLOOR, ...values.only.split(",")]));
  const effort = { rounds: Number(values.rounds), sliceMs: Number(values.slice) };
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

const loaded = values.cell ? cellNamed(values.cell[0] ?? "") : cellNamed("20,signed-in,segments");
try {
  if (values.clients !== undefined) await load(values.clients.split(",").map(Number));
  else if (values.requests !== undefined) await memory(Number(values.requests));
  else await compareCosts();
} finally {
  for (const { server } of variants) await server.close();
  await cluster.close();
}
