/*
 * Runs inside a measured process, before the process's own code. Reports the used CPU and memory when
 * the process says that it is ready, and again when the bench asks. Costs less than 1 ms.
 */

/** What a measured process has used until now. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
  /** The address in the line that says that the process is ready. Only in the first report. */
  readonly address?: string;
}

const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1e6 };
};

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text: string | Uint8Array) => {
  const [, address] = /is ready at (http:\S+)/.exec(String(text)) ?? [];
  if (address !== undefined) process.send?.({ ...usage(), address } satisfies Usage);
  return write(text);
};

process.on("message", () => process.send?.(usage()));
