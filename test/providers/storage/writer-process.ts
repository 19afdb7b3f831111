import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

// A separate process needs built code; npm test builds first.
const ADAPTER = new URL("../../../dist/src/providers/storage/disk.js", import.meta.url).href;

const SCRIPT = `
  const { DiskStorage } = await import(${JSON.stringify(ADAPTER)});
  async function* endless() {
    for (let part = 0; ; part += 1) {
      yield new Uint8Array(65536);
      if (part === 3) process.stdout.write("writing\\n");
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const storage = new DiskStorage({ root: process.argv[1] });
  await storage.put(endless(), { contentType: "audio/wav", owner: "killed" });
`;

/** A process that stores an endless blob in a folder. */
export class WriterProcess {
  readonly #child: ChildProcess;

  constructor(root: string) {
    const args = ["--input-type=module", "-e", SCRIPT, root];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  }

  async isWriting(): Promise<void> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("The writer has no output.");
    await once(stdout, "data");
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
