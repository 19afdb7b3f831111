import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/**
 * Returns a name for one run of one process. The system can give the same pid to another process
 * later. The other process has another name. Returns null if no such process runs. A zombie counts
 * as ended.
 */
export function processIdentity(pid: number): string | null {
  if (!isSignalable(pid)) return null;
  if (process.platform === "linux") return linuxIdentity(pid);
  if (process.platform === "win32") return String(pid);
  return psIdentity(pid);
}

/**
 * Returns true if a running process can be the PostgreSQL server of a data directory. On Linux the
 * answer is certain. There the working directory of a server is its data directory, even after someone
 * has moved that directory.
 */
export function mayServe(pid: number, data: string): boolean {
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === data;
    if (process.platform === "win32") return true;
    return ps(pid, "comm=").includes("postgres");
  } catch {
    // The process belongs to another user. Only the server itself can say which folder it serves.
    return true;
  }
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process runs as another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function linuxIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command is in parentheses and may contain spaces and parentheses. Count the fields from its end.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X") return null;
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${pid}@${bootId}:${startTicks}`;
  } catch {
    return null;
  }
}

function psIdentity(pid: number): string | null {
  try {
    const [state = "Z", ...started] = ps(pid, "stat=,lstart=").split(/\s+/);
    return state.startsWith("Z") ? null : `${pid}@${started.join(" ")}`;
  } catch {
    return null;
  }
}

function ps(pid: number, columns: string): string {
  const options = { encoding: "utf8", env: { LC_ALL: "C", PATH: "/usr/bin:/bin" } } as const;
  return execFileSync("ps", ["-o", columns, "-p", String(pid)], options).trim();
}
