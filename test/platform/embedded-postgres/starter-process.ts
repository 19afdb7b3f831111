import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

// A separate process needs built code. npm test builds first.
const FRONT_DOOR = new URL("../../../dist/src/platform/embedded-postgres/index.js", import.meta.url)
  .href;

const SCRIPT = `
  const { startEmbeddedPostgres, connectEmbeddedPostgres } = await import(${JSON.stringify(FRONT_DOOR)});
  const say = (line) => process.stdout.write(line + "\\n");
  const settings = { fsync: "off" };
  const dataDir = process.argv[1];
  const server = await startEmbeddedPostgres({ dataDir, logger: say, settings });
  process.on("SIGINT", async () => {
    say("interrupted " + ((await connectEmbeddedPostgres({ dataDir })) !== null));
    await server.stop();
    process.exit(0);
  });
  process.stdin.resume().on("end", () => server.stop().then(() => process.exit(0)));
  say("ready " + server.startedByUs + " " + server.superUrl);
`;

/**
 * A process that starts the database server of a folder. At the end of its standard input, the process
 * stops the server.
 */
export class StarterProcess {
  readonly #child: ChildProcess;
  readonly #waiting: { readonly start: string; readonly found: (line: string) => void }[] = [];
  readonly #lines: string[] = [];
  readonly ended: Promise<unknown>;

  constructor(dataDir: string) {
    const args = ["--input-type=module", "-e", SCRIPT, dataDir];
    // `detached` gives the process a process group of its own, as each command at a terminal has.
    const child = spawn(process.execPath, args, {
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child = child;
    this.ended = new Promise((resolve) => child.once("exit", resolve));
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#lines.push(line);
      for (const { start, found } of this.#waiting) if (line.startsWith(start)) found(line);
    });
  }

  /**
   * Resolves with the first line that begins with `start`. The process may have written the line before
   * this call.
   */
  line(start: string): Promise<string> {
    const seen = this.#lines.find((line) => line.startsWith(start));
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((found) => this.#waiting.push({ start, found }));
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** Sends SIGINT to every process of the group, like Ctrl-C. */
  interrupt(): void {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGINT");
  }

  async leave(): Promise<void> {
    this.#child.stdin?.end();
    await this.ended;
  }
}
