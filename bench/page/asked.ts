import { Client, type PageRequest } from "./client.js";
import { type ServerProcess, cpuMsOf, postgresCpuMs } from "./processes.js";

/** A server, and the request that a bench sends again and again. `turn` counts the requests. */
export interface Asking {
  readonly name: string;
  readonly server: ServerProcess;
  request(turn: number): PageRequest;
}

/** What a request costs on average, in milliseconds of CPU. */
export interface Slice {
  readonly serverMs: number;
  readonly databaseMs: number;
  readonly times: readonly number[];
}

export interface Effort {
  readonly rounds: number;
  /** How long one server is asked in one round. */
  readonly sliceMs: number;
}

const FEWEST_REQUESTS = 10;
// V8 compiles the hot functions of a server in its first hundreds of requests.
const WARM_UP = { durationMs: 2_000, requests: 40 };

export class Asked {
  private readonly client: Client;
  private turn = 0;

  constructor(
    private readonly asking: Asking,
    private readonly postmaster: number,
  ) {
    this.client = new Client(asking.server.port);
  }

  /** @throws Error if the answer has errors */
  async ask(): Promise<{ readonly body: string; readonly timeMs: number }> {
    const answer = await this.client.ask(this.asking.request(this.turn++));
    if (answer.status === 200 && !answer.body.startsWith('{"errors"')) return answer;
    const start = answer.body.slice(0, 500);
    throw new Error(`${this.asking.name} answered ${answer.status}: ${start}`);
  }

  warmUp(): Promise<Slice> {
    return this.askFor(WARM_UP.durationMs, WARM_UP.requests);
  }

  async askFor(durationMs: number, fewest = FEWEST_REQUESTS): Promise<Slice> {
    const { pid } = this.asking.server;
    const started = performance.now();
    const server = cpuMsOf(pid);
    const database = postgresCpuMs(this.postmaster);
    const times: number[] = [];
    while (times.length < fewest || performance.now() - started < durationMs) {
      times.push((await this.ask()).timeMs);
    }
    return {
      serverMs: (cpuMsOf(pid) - server) / times.length,
      databaseMs: (postgresCpuMs(this.postmaster) - database) / times.length,
      times,
    };
  }

  close(): void {
    this.client.close();
  }
}

/**
 * Asks all servers in turn. Other work of the machine then disturbs all of them.
 * @returns the slices of each server, in the order of the rounds
 */
export async function askInRounds(
  asked: readonly Asked[],
  { rounds, sliceMs }: Effort,
): Promise<Slice[][]> {
  const slices = asked.map((): Slice[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < asked.length; place++) {
      const index = (place + round) % asked.length;
      const slice = await asked[index]?.askFor(sliceMs);
      if (slice) slices[index]?.push(slice);
    }
  }
  return slices;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** Returns the median of the rounds' ratios of `cost`. */
export const ratioOf = (
  slices: readonly Slice[],
  floor: readonly Slice[],
  cost: (slice: Slice) => number,
): number =>
  median(
    slices.flatMap((slice, round) => {
      const other = floor[round];
      return other ? [cost(slice) / cost(other)] : [];
    }),
  );

export const totalOf = ({ serverMs, databaseMs }: Slice): number => serverMs + databaseMs;
