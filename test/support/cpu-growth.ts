const LONGER = 8;
/** Linear work takes 8 times the CPU, quadratic work 64 times. */
const MOST_TIMES = 24;
/** Less CPU than this, in ms, tells nothing about growth. */
const FLOOR_MS = 8;

/** Fails if 8 times the input takes much more than 8 times the CPU. */
export function expectLinearWork(size: number, workOf: (size: number) => unknown): void {
  const short = cpuMsOf(() => workOf(size));
  const long = cpuMsOf(() => workOf(size * LONGER));

  expect(long).toBeLessThan(MOST_TIMES * Math.max(short, FLOOR_MS));
}

/** Returns the CPU that the work takes, in ms: the least of three runs, without the noise of a machine. */
function cpuMsOf(work: () => unknown): number {
  const runs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...runs);
}
