/**
 * Measures what the hot page costs: stories with their analyses, templates and the viewer's narrations.
 * Compares Fabula with one tuned SQL statement and with PostGraphile, all under the same row-level
 * security. Run `npm run bench:page`. Needs Linux, which tells the CPU time of processes.
 */
import { parseArgs } from "node:util";
import { CELLS, cellNamed } from "./page/cells.js";
import { openCluster } from "./page/cluster.js";
import { type Cost, measureCell } from "./page/measure.js";
import { rowsOf, tableOf } from "./page/table.js";
import { VARIANTS, type Variant, startVariant } from "./page/variants.js";

const { values } = parseArgs({
  options: {
    keep: { type: "string" },
    narrations: { type: "string", default: "400000" },
    cell: { type: "string", multiple: true },
    only: { type: "string", default: Object.keys(VARIANTS).join() },
    rounds: { type: "string", default: "9" },
    slice: { type: "string", default: "1000" },
  },
});
const size = { stories: 20_000, narrations: Number(values.narrations), users: 2_000 };
const cluster = await openCluster(values.keep, size, console.error);
const names = new Set(["floor", ...values.only.split(",")]);
const variants: Variant[] = [];
const costs: Cost[] = [];
try {
  for (const name of names) variants.push(await startVariant(name, cluster));
  const effort = { rounds: Number(values.rounds), sliceMs: Number(values.slice) };
  for (const cell of values.cell?.map(cellNamed) ?? CELLS) {
    const measured = await measureCell(cluster, variants, cell, effort);
    console.error(rowsOf(measured).join("\n"));
    costs.push(...measured);
  }
  console.log(tableOf(costs));
} finally {
  for (const variant of variants) await variant.close();
  await cluster.close();
}
