import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A server under test, in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

export interface Program {
  readonly path: string;
  readonly flags?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const CONNECT_EVERY_MS = 50;

/** Starts a Node program that listens on the port in its variable PORT, and waits until it listens. */
export async function startServer({
  path,
  flags = [],
  environment,
}: Program): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [...flags, path], {
    env: { PATH: process.env["PATH"], NODE_ENV: "production", ...environment, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${path} ended with ${child.exitCode}.`);
    await delay(CONNECT_EVERY_MS);
  }
  return {
    port,
    pid: child.pid ?? 0,
    close: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended.
    return "";
  }
};

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // The process has ended.
    return [];
  }
}

/** Returns the CPU time of a process with all its threads, in milliseconds. Linux only. */
export function cpuMsOf(pid: number): number {
  const threads = threadsOf(pid);
  const nanoseconds = threads.map((thread) =>
    Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]),
  );
  return nanoseconds.reduce((sum, part) => sum + part, 0) / 1e6;
}

/** The parent, and the CPU time of all children that have ended, in ticks of 10 ms. */
function statOf(pid: string): { readonly parent: number; readonly endedMs: number } {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return { parent: Number(fields[1]), endedMs: 10 * (Number(fields[13]) + Number(fields[14])) };
}

/** Returns the CPU time of PostgreSQL with all its backends, also those that have ended. */
export function postgresCpuMs(postmaster: number): number {
  const backends = readdirSync("/proc").filter(
    (name) => /^\d+$/u.test(name) && statOf(name).parent === postmaster,
  );
  return backends.reduce(
    (sum, backend) => sum + cpuMsOf(Number(backend)),
    cpuMsOf(postmaster) + statOf(String(postmaster)).endedMs,
  );
}

/** Returns the resident memory of a process, in MB. */
export function residentMb(pid: number): number {
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/u.exec(read(`/proc/${pid}/status`)) ?? [];
  return Number(kilobytes) / 1024;
}
