// Measures what corrupt and lying recordings cost. Each kind of file runs in a process of its own, so
// that one kind's memory does not hide another's.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { argv, execPath } from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { WorkerPool } from "../src/platform/threads/worker-pool.js";
import { DiskStorage } from "../src/providers/storage/disk.js";
import { readScriptWords } from "./script-words.js";
import { cpuSeconds } from "./cpu-seconds.js";

const MOST_CPU_SECONDS = 2;
const MOST_MEGABYTES = 150;

interface Cost {
  /** The most expensive file. The time includes the start of the thread. */
  readonly cpuSeconds: number;
  readonly slowest: number;
  readonly megabytes: number;
}

const SAMPLE_MS = 5;
/** A job writes its result before the next job begins. Meanwhile the thread ends, as in a server. */
const JOB_MS = 20;
const megabytes = () => process.memoryUsage.rss() / 2 ** 20;

/** Prepares stored files in a thread, one after the other. */
async function costOf(root: string, keys: readonly string[]): Promise<Cost> {
  const pool = new WorkerPool(new URL("../src/", import.meta.url), 1, 0);
  const idle = megabytes();
  let peak = idle;
  const sampling = setInterval(() => (peak = Math.max(peak, megabytes())), SAMPLE_MS);
  let worst = { cpuSeconds: 0, slowest: 0 };
  for (const [index, blobKey] of keys.entries()) {
    const order = { storage: { kind: "disk", root }, owner: "bench", blobKey };
    const start = cpuSeconds();
    await pool.run("worker/recording.worker.js", "prepareInThread", order);
    const spent = cpuSeconds() - start;
    if (spent > worst.cpuSeconds) worst = { cpuSeconds: spent, slowest: index };
    await setTimeout(JOB_MS);
  }
  clearInterval(sampling);
  await pool.close();
  return { ...worst, megabytes: peak - idle };
}

async function measureKinds(root: string): Promise<void> {
  // Only this process makes the files: making them takes more memory than reading them.
  const { hostileFiles } = await import("./recordings/hostile-files.js");
  const files = await hostileFiles();
  const storage = new DiskStorage({ root });
  process.stdout.write("| kind | files | CPU s, worst | MB above idle | slowest |\n");
  for (const kind of new Set(files.map((file) => file.kind))) {
    const ofKind = files.filter((file) => file.kind === kind);
    const keys: string[] = [];
    for (const { bytes } of ofKind) {
      keys.push((await storage.put(bytes, { contentType: "audio/webm", owner: "bench" })).key);
    }
    const self = fileURLToPath(import.meta.url);
    const printed = execFileSync(execPath, [self, root, ...keys], { encoding: "utf8" });
    const cost = JSON.parse(printed) as Cost;
    const numbers = [ofKind.length, cost.cpuSeconds.toFixed(2), Math.round(cost.megabytes)];
    const row = [kind, ...numbers, ofKind[cost.slowest]?.name ?? ""];
    process.stdout.write(`| ${row.join(" | ")} |\n`);
    if (cost.cpuSeconds > MOST_CPU_SECONDS || cost.megabytes > MOST_MEGABYTES) process.exitCode = 1;
  }
  process.stdout.write(
    `bars: ${MOST_CPU_SECONDS} s of CPU for each file, ${MOST_MEGABYTES} MB above idle\n`,
  );
}

const LINE = declareCommand({
  call: "npm run bench:recordings --",
  summary: "measures what corrupt and lying recordings cost",
  options: {},
  examples: ["npm run bench:recordings", "npm run -s bench:recordings > costs.txt"],
});

async function main([root, ...keys]: readonly string[]): Promise<void> {
  // The bench starts itself with a folder and the keys of files.
  if (root === undefined || !isAbsolute(root)) readScriptWords(LINE);
  else {
    process.stdout.write(JSON.stringify(await costOf(root, keys)));
    return;
  }
  const scratch = await mkdtemp(join(tmpdir(), "fabula-bench-"));
  await measureKinds(scratch).finally(() => rm(scratch, { recursive: true }));
}

await main(argv.slice(2));
