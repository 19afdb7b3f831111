import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import type { Piscina } from "piscina";
import { throwReturnedFailure } from "./thread-failure.js";

/** Gives threads a lower priority than the API's event loop, in steps of nice(2). */
const NICENESS = 5;

/**
 * Limits the memory for the short-lived objects of a thread. Without a limit, this memory grows to
 * 48 MB or more. If the heap contains few other objects, V8 then marks the whole heap again and again,
 * and a render costs a tenth more. With a limit below 16 MB, V8 copies objects too often. The copies
 * then cost more time than the limit saves.
 */
const YOUNG_MB = 16;

/**
 * Limits the memory for the long-lived objects of a thread. If a thread needs more, the thread ends
 * and the process continues. Without a limit, the heap grows to four times its content before V8
 * collects garbage. With this limit, the heap grows to less than two times its content. The analysis of
 * a long text then takes 200 MB less.
 */
const OLD_MB = 1024;

/**
 * The time after which an idle thread ends. An idle thread that has rendered speech keeps about 80 MB.
 * After the thread has ended, the threads that join segments can use this memory.
 */
const IDLE_MS = 3000;

/** Runs CPU work in worker threads, outside the event loop. Loads the library of threads with the first work. */
export class WorkerPool {
  private opening: Promise<Piscina> | undefined;
  private isClosed = false;

  /**
   * @param directory the folder of the built `*.worker.js` files, as a file URL that ends in "/"
   * @param size default: all cores minus one, at least one
   * @param idleMs the time after which an idle thread ends. With 0, a thread ends after its last task, so
   *   no task pays for the memory that an earlier task left.
   */
  constructor(
    private readonly directory: URL,
    /** The maximum number of threads. */
    readonly size = Math.max(1, availableParallelism() - 1),
    private readonly idleMs = IDLE_MS,
  ) {}

  /**
   * Runs the function `name` that a worker file exports, with `input`. Input and answer are copied.
   * @throws InvalidInputError or ProviderError if the function returned a failure through
   *   `returnExpectedFailures`
   */
  async run(file: string, name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    const filename = new URL(file, this.directory).href;
    if (this.isClosed) throw new Error("The pool of threads is closed.");
    const piscina = await (this.opening ??= this.open());
    return throwReturnedFailure(
      await piscina.run(input, { filename, name, signal: signal ?? null }),
    );
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await (await this.opening)?.destroy();
  }

  private async open(): Promise<Piscina> {
    const { Piscina } = await import("piscina");
    // The flags of `npm start` would be stronger than the limits of the threads.
    setFlagsFromString("--max-semi-space-size=0");
    setFlagsFromString("--heap-growing-percent=0");
    return new Piscina({
      minThreads: 0,
      maxThreads: this.size,
      idleTimeout: this.idleMs,
      niceIncrement: NICENESS,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
    });
  }
}
