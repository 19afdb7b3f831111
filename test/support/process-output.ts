import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Everything that a child process writes to its standard output and standard error. */
export class ProcessOutput {
  private readonly streams = ["", ""];
  private readonly news = new EventTarget();
  private endCode: string | undefined;

  constructor(child: ChildProcess) {
    for (const [index, stream] of [child.stdout, child.stderr].entries()) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.streams[index] = (this.streams[index] ?? "") + text;
        this.news.dispatchEvent(new Event("news"));
      });
    }
    child.once("close", (code, signal) => {
      this.endCode = String(code ?? signal);
      this.news.dispatchEvent(new Event("news"));
    });
  }

  get text(): string {
    return this.streams.join("");
  }

  /** Waits for a text in one of the two streams. @throws Error if the process ends first */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = this.streams.map((text) => pattern.exec(text)).find((match) => match !== null);
      if (found) return found;
      if (this.endCode !== undefined)
        throw new Error(`The process ended with ${this.endCode}:\n${this.text}`);
      await once(this.news, "news");
    }
  }
}
