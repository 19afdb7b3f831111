import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

// A separate process needs built code. npm test builds first.
const PROCESS = new URL("../../../dist/src/platform/process/process.js", import.meta.url).href;

/** A server that reports ready, writes a line for each line of its input, and reports its end. */
const SERVER = `
  const { runProcess } = await import(${JSON.stringify(PROCESS)});
  const { createInterface } = await import("node:readline");
  await runProcess(async (stopping) => {
    const lines = createInterface({ input: process.stdin });
    lines.on("line", (line) => {
      if (line === "report") return process.send("alive");
      process.stderr.write(line + "\\n");
    });
    stopping(async () => process.send("stopped"));
    process.send("ready");
    return "running";
  });`;

interface Server {
  readonly child: ChildProcess;
  /** Resolves with the next message of the server. */
  readonly next: () => Promise<unknown>;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", SERVER], {
    stdio: ["pipe", "pipe", "pipe", "ipc"],
  });
  started.push(child);
  const next = async (): Promise<unknown> => ((await once(child, "message")) as unknown[])[0];
  expect(await next()).toBe("ready");
  return { child, next };
}

test("a server whose log has no reader any more continues, and stops in order", async () => {
  const { child, next } = await startServer();
  const closed = [once(child.stdout ?? child, "close"), once(child.stderr ?? child, "close")];
  child.stdout?.destroy();
  child.stderr?.destroy();
  await Promise.all(closed);

  child.stdin?.write("a line that nobody reads\nanother\nreport\n");
  expect(await next()).toBe("alive");
  const ended = once(child, "exit");
  child.kill("SIGTERM");

  expect(await next()).toBe("stopped");
  expect(await ended).toEqual([0, null]);
});

test("a server ends in order when its terminal closes", async () => {
  const { child, next } = await startServer();
  const ended = once(child, "exit");
  const said = child.stderr ? text(child.stderr) : Promise.resolve("");

  child.kill("SIGHUP");

  expect(await next()).toBe("stopped");
  expect(await ended).toEqual([0, null]);
  expect(await said).toBe("Stopping (SIGHUP)\n");
});
