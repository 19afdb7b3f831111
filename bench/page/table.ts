import { nameOf } from "./cells.js";
import type { Cost } from "./measure.js";

const COLUMNS = [
  ...["page", "variant", "server ms", "database ms", "x floor", "p50 ms", "p99 ms"],
  ...["statements", "KB"],
];

/** Returns the costs as a Markdown table. */
export const tableOf = (costs: readonly Cost[]): string =>
  [lineOf(COLUMNS), lineOf(COLUMNS.map(() => "---")), ...rowsOf(costs)].join("\n");

export const rowsOf = (costs: readonly Cost[]): string[] =>
  costs.map((cost) => lineOf(cellsOf(cost)));

const lineOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const cellsOf = (cost: Cost): string[] => [
  nameOf(cost.cell).replaceAll(",", ", "),
  cost.variant,
  cost.serverMs.toFixed(2),
  cost.databaseMs.toFixed(2),
  cost.timesFloor.toFixed(2),
  cost.p50Ms.toFixed(1),
  cost.p99Ms.toFixed(1),
  `${cost.statements.tables} + ${cost.statements.control}`,
  (cost.bytes / 1000).toFixed(1),
];
