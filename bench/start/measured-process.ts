import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { startFlags } from "../start-flags.js";
import type { Usage } from "./probe.js";

/** A program that the bench starts. It prints "is ready at", and its address. */
export interface Program {
  readonly name: string;
  readonly file: URL;
  readonly env: NodeJS.ProcessEnv;
}

/** A running process that reports its use of the machine. */
export interface MeasuredProcess {
  readonly address: string;
  /** The use until the process was ready. */
  readonly ready: Usage;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

const PROBE = new URL("./probe.js", import.meta.url).href;

/** Starts a program and waits until it is ready. */
export async function startMeasured({ name, file, env }: Program): Promise<MeasuredProcess> {
  const child = fork(file, {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    execArgv: [...startFlags(), "--import", PROBE],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let log = "";
  child.stderr?.on("data", (chunk) => (log += String(chunk)));
  const ended = once(child, "exit");
  const ready = await Promise.race([
    reportOf(child),
    ended.then(() => {
      throw new Error(`The process "${name}" ended before it was ready.\n${log}`);
    }),
  ]);
  return {
    ready,
    address: String(ready.address),
    usage: () => {
      const report = reportOf(child);
      child.send("usage");
      return report;
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function reportOf(child: ChildProcess): Promise<Usage> {
  const [report] = (await once(child, "message")) as [Usage];
  return report;
}
