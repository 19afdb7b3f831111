import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { throwReturnedFailure } from "./thread-failure.js";

/** Gives threads a lower priority than the API's event loop, in steps of nice(2). */
const NICENESS = 5;

/**
 * Limit for the short-lived objects of a thread. By default V8 lets them grow to 48 MB and more. If
 * the heap contains little else, V8 then marks the whole heap again and again, and a render costs a
 * tenth more. With less than 16 MB, V8 copies objects so often that this costs more time than it
 * saves.
 */
const YOUNG_MB = 16;

/**
 * Limit for the long-lived objects of a thread. A thread that needs more ends, and the process goes on.
 * Without a limit, V8 lets the heap grow to four times its content before it collects garbage. With
 * this limit it is less than two times, and the analysis of a long text takes 200 MB less.
 */
const OLD_MB = 1024;

/**
 * An idle thread ends after this time. A thread that rendered speech keeps about 80 MB, which
 * joining can use after the thread has ended.
 */
const IDLE_MS = 3000;

/** Runs CPU work in worker threads, outside the event loop. */
export class WorkerPool {
  private readonly piscina: Piscina;

  /**
   * @param directory the folder of the built `*.worker.js` files, as a file URL that ends in "/"
   * @param threads default: all cores minus one, at least one
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
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
    });
  }

  /** The maximum number of threads. */
  get size(): number {
    return this.piscina.maxThreads;
  }

  /**
   * Runs the function `name` that a worker file exports, with `input`. Input and answer are copied.
   * @throws ProviderError if the function returned a failure through `returnExpectedFailures`
   */
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
