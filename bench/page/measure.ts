import assert from "node:assert/strict";
import { Asked, type Effort, askInRounds, median, ratioOf, totalOf } from "./asked.js";
import { type Cell, nameOf } from "./cells.js";
import type { Cluster } from "./cluster.js";
import { READERS } from "./seed.js";
import { type StatementCounts, countStatements } from "./statement-count.js";
import type { Variant } from "./variants.js";

/** What one variant costs for one cell. */
export interface Cost {
  readonly variant: string;
  readonly cell: Cell;
  /** CPU of the server a request, in milliseconds. The median of the rounds. */
  readonly serverMs: number;
  /** CPU of all processes of PostgreSQL a request. */
  readonly databaseMs: number;
  /** The median of the rounds' ratios to the floor, of both together. */
  readonly timesFloor: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes: number;
  readonly statements: StatementCounts;
}

/** Measures all variants with one cell. The first variant is the floor. */
export async function measureCell(
  cluster: Cluster,
  variants: readonly Variant[],
  cell: Cell,
  effort: Effort,
): Promise<Cost[]> {
  const asked = variants.map(
    ({ name, server, request }) =>
      new Asked({ name, server, request: (turn) => request(cell, turn) }, cluster.pid),
  );
  try {
    const bytes = await agreedBytes(variants, asked, cell);
    const statements: StatementCounts[] = [];
    for (const variant of asked) {
      await variant.warmUp();
      statements.push(await countStatements(cluster, () => variant.ask()));
    }
    const slices = await askInRounds(asked, effort);
    return variants.map(({ name }, index) => {
      const own = slices[index] ?? [];
      const times = own.flatMap((slice) => slice.times).sort((a, b) => a - b);
      return {
        ...{ variant: name, cell, bytes: bytes[index] ?? 0 },
        serverMs: median(own.map(({ serverMs }) => serverMs)),
        databaseMs: median(own.map(({ databaseMs }) => databaseMs)),
        timesFloor: ratioOf(own, slices[0] ?? [], totalOf),
        p50Ms: times[Math.floor(times.length * 0.5)] ?? NaN,
        p99Ms: times[Math.floor(times.length * 0.99)] ?? NaN,
        statements: statements[index] ?? { tables: 0, control: 0 },
      };
    });
  } finally {
    for (const variant of asked) variant.close();
  }
}

/**
 * Asks all variants for the page of each reader.
 * @returns the size of each variant's last answer
 * @throws AssertionError if the answers do not have the same rows
 */
async function agreedBytes(
  variants: readonly Variant[],
  asked: readonly Asked[],
  cell: Cell,
): Promise<number[]> {
  let bytes: number[] = [];
  for (let reader = 0; reader < READERS; reader++) {
    const bodies = [];
    for (const variant of asked) bodies.push((await variant.ask()).body);
    const pages = bodies.map((body, index) => variants[index]?.pageOf(body));
    for (const page of pages) {
      assert.equal(page?.stories.length, cell.stories, `${nameOf(cell)} has other stories`);
      assert.deepEqual(page, pages[0], `The answers differ for ${nameOf(cell)}`);
    }
    bytes = bodies.map((body) => Buffer.byteLength(body));
  }
  return bytes;
}
