import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { throwReturnedFailure } from "./thread-failure.js";

/** Lower priority than the API's event loop, in the steps of nice(2). */
const NICENESS = 5;

/**
 * Short-lived objects of a thread. V8 lets them grow to 48 MB and more, and, where little else lives,
 * then marks the whole heap again and again: a render costs a tenth more. Below 16 it copies more often than it saves.
 */
const YOUNG_MB = 16;

/** A thread that has spoken keeps some 80 MB, which the joining after it can use. */
const IDLE_MS = 3000;

/** CPU work in worker threads, off the event loop. */
export class WorkerPool {
  private readonly piscina: Piscina;

  /**
   * @param directory where the built `*.worker.js` files are, as a file URL that ends in "/"
   * @param threads defaults to all cores but one, at least one
   */
  constructor(
    private readonly directory: URL,
    threads = Math.max(1, availableParallelism() - 1),
  ) {
    this.piscina = new Piscina({
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      niceIncrement: NICENESS,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
  }

  /** How many threads it has at most. */
  get size(): number {
    return this.piscina.maxThreads;
  }

  /** Runs the function `name` that a worker file exports on `input`; both ways are copied. @throws ProviderError as `answering` told it */
  async run(file: string, name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    const filename = new URL(file, this.directory).href;
    return throwReturnedFailure(
      await this.piscina.run(input, { filename, name, signal: signal ?? null }),
    );
  }

  async close(): Promise<void> {
    await this.piscina.destroy();
  }
}
