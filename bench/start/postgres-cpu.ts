import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

/**
 * Returns the CPU that a PostgreSQL server and its connections have used until now, also the closed
 * connections. Returns null where there is no /proc.
 * @param filesDir the folder of an embedded server's data
 */
export function postgresCpuMs(filesDir: string): number | null {
  const pidFile = readFileSync(join(filesDir, "postgres", "data", "postmaster.pid"), "utf8");
  const [server = ""] = pidFile.split("\n");
  const own = ticksOf(server);
  if (!own) return null;
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(ticksOf)
    .filter((ticks) => ticks?.parent === server);
  return children.reduce((sum, child) => sum + (child?.live ?? 0), own.live + own.ended) * TICK_MS;
}

function ticksOf(pid: string): { parent: string; live: number; ended: number } | null {
  try {
    // The name of the program is in brackets and may contain spaces. The fields after it do not.
    const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const fields = rest.split(" ");
    const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
    const sum = (one = 0, other = 0): number => one + other;
    return {
      parent: fields[1] ?? "",
      live: sum(user, system),
      ended: sum(endedUser, endedSystem),
    };
  } catch {
    return null;
  }
}
