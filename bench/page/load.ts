import type { Cell } from "./cells.js";
import { Client } from "./client.js";
import { residentMb } from "./processes.js";
import type { Variant } from "./variants.js";

const SECONDS = 10;
const WARM_UP_REQUESTS = 100;
/** How many points the curve of the memory has. */
const POINTS = 10;

interface Load {
  readonly failed: number;
  readonly answered: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Asks with many clients at once. Each client sends its next request when it has an answer. */
export async function measureLoad(variant: Variant, cell: Cell, clients: number): Promise<Load> {
  const client = new Client(variant.server.port, clients);
  const times: number[] = [];
  let failed = 0;
  let turn = 0;
  const started = performance.now();
  const isOver = (): boolean => performance.now() - started > SECONDS * 1000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (!isOver()) {
        const answer = await client.ask(variant.request(cell, turn++)).catch(() => null);
        if (answer?.status === 200 && !answer.body.startsWith('{"errors"'))
          times.push(answer.timeMs);
        else failed += 1;
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  client.close();
  times.sort((a, b) => a - b);
  return {
    failed,
    answered: times.length,
    perSecond: times.length / seconds,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? NaN,
  };
}

/** Returns the resident memory in MB: after the warm-up, and at equal steps up to `requests`. */
export async function measureMemory(
  variant: Variant,
  cell: Cell,
  requests: number,
): Promise<number[]> {
  const client = new Client(variant.server.port);
  let turn = 0;
  const ask = async (count: number): Promise<number> => {
    const end = turn + count;
    while (turn < end) await client.ask(variant.request(cell, turn++));
    return residentMb(variant.server.pid);
  };
  const curve = [await ask(WARM_UP_REQUESTS)];
  for (let point = 0; point < POINTS; point++) curve.push(await ask(requests / POINTS));
  client.close();
  return curve;
}
