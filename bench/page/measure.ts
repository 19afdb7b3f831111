import assert from "node:assert/strict";
import { type Cell, nameOf } from "./cells.js";
import { Client } from "./client.js";
import type { Cluster } from "./cluster.js";
import { cpuMsOf, postgresCpuMs } from "./processes.js";
import { READERS } from "./seed.js";
import { countStatements, type StatementCounts } from "./statement-count.js";
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

export interface Effort {
  readonly rounds: number;
  /** How long one variant is asked in one round. */
  readonly sliceMs: number;
}

interface Slice {
  readonly serverMs: number;
  readonly databaseMs: number;
  readonly times: readonly number[];
}

const FEWEST_REQUESTS = 10;
// V8 compiles the hot functions of a server in its first hundreds of requests.
const WARM_UP = { durationMs: 3_000, requests: 40 };

/**
 * Measures all variants with one cell. The rounds interleave the variants, so that other work of the
 * machine disturbs all of them. The first variant is the floor.
 */
export async function measureCell(
  cluster: Cluster,
  variants: readonly Variant[],
  cell: Cell,
  { rounds, sliceMs }: Effort,
): Promise<Cost[]> {
  const asked = variants.map((variant) => new AskedVariant(variant, cell, cluster.pid));
  const bytes = await agreedBytes(asked, cell);
  const statements: StatementCounts[] = [];
  for (const variant of asked) {
    await variant.askFor(WARM_UP.durationMs, WARM_UP.requests);
    statements.push(await countStatements(cluster, () => variant.ask()));
  }
  const slices = asked.map((): Slice[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < asked.length; place++) {
      const index = (place + round) % asked.length;
      const slice = await asked[index]?.askFor(sliceMs);
      if (slice) slices[index]?.push(slice);
    }
  }
  for (const variant of asked) variant.close();
  const floor = slices[0] ?? [];
  return variants.map(({ name }, index) => {
    const own = slices[index] ?? [];
    const times = own.flatMap((slice) => slice.times).sort((a, b) => a - b);
    return {
      ...{ variant: name, cell, bytes: bytes[index] ?? 0 },
      serverMs: median(own.map(({ serverMs }) => serverMs)),
      databaseMs: median(own.map(({ databaseMs }) => databaseMs)),
      timesFloor: median(own.map((slice, round) => totalOf(slice) / totalOf(floor[round]))),
      p50Ms: times[Math.floor(times.length * 0.5)] ?? NaN,
      p99Ms: times[Math.floor(times.length * 0.99)] ?? NaN,
      statements: statements[index] ?? { tables: 0, control: 0 },
    };
  });
}

const totalOf = (slice: Slice | undefined): number =>
  slice ? slice.serverMs + slice.databaseMs : NaN;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** A variant that is asked for one cell, by one reader after another. */
class AskedVariant {
  private readonly client: Client;
  private turn = 0;

  constructor(
    readonly variant: Variant,
    private readonly cell: Cell,
    private readonly postmaster: number,
  ) {
    this.client = new Client(variant.server.port);
  }

  async ask(): Promise<{ readonly body: string; readonly timeMs: number }> {
    const { name } = this.variant;
    const answer = await this.client.ask(this.variant.request(this.cell, this.turn++));
    if (answer.status === 200 && !answer.body.startsWith('{"errors"')) return answer;
    throw new Error(`${name} answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  }

  async askFor(durationMs: number, fewest = FEWEST_REQUESTS): Promise<Slice> {
    const started = performance.now();
    const server = cpuMsOf(this.variant.server.pid);
    const database = postgresCpuMs(this.postmaster);
    const times: number[] = [];
    while (times.length < fewest || performance.now() - started < durationMs) {
      times.push((await this.ask()).timeMs);
    }
    return {
      serverMs: (cpuMsOf(this.variant.server.pid) - server) / times.length,
      databaseMs: (postgresCpuMs(this.postmaster) - database) / times.length,
      times,
    };
  }

  close(): void {
    this.client.close();
  }
}

/**
 * Asks all variants for the page of each reader.
 * @returns the size of each variant's last answer
 * @throws AssertionError if the answers do not have the same rows
 */
async function agreedBytes(asked: readonly AskedVariant[], cell: Cell): Promise<number[]> {
  let bytes: number[] = [];
  for (let reader = 0; reader < READERS; reader++) {
    const bodies = [];
    for (const variant of asked) bodies.push((await variant.ask()).body);
    const pages = bodies.map((body, index) => asked[index]?.variant.pageOf(body));
    for (const page of pages) {
      assert.equal(page?.stories.length, cell.stories, `${nameOf(cell)} has other stories`);
      assert.deepEqual(page, pages[0], `The answers differ for ${nameOf(cell)}`);
    }
    bytes = bodies.map((body) => Buffer.byteLength(body));
  }
  return bytes;
}
