import { WorkerPool } from "./worker-pool.js";

/**
 * Keeps one pool of threads for each kind of work. So work of one kind never waits for a thread that
 * does work of another kind.
 */
export class ThreadPools {
  /** Speaks the segments of renders. */
  readonly segments: WorkerPool;
  /** Speaks previews. A person waits for a preview. */
  readonly previews: WorkerPool;
  /** Joins segments. A book takes half a minute. */
  readonly joins: WorkerPool;
  /** Analyses texts: one thread for long texts, and one for short texts. */
  readonly analyses: WorkerPool;
  /**
   * Reads files that people import, and long texts. A file from outside can at most end one of the two
   * threads. A thread ends after each file, as in `recordings`.
   */
  readonly imports: WorkerPool;
  /**
   * Decodes and measures recordings. A file from outside can at most end the one thread. The thread ends
   * after each file, because V8 keeps the decoded sound of several files until they are 64 MB.
   */
  readonly recordings: WorkerPool;
  /**
   * Trains voices, which takes about 10 s of CPU each. The thread ends after each training, as in
   * `recordings`.
   */
  readonly trainings: WorkerPool;

  /**
   * @param workers the folder of the built worker files, as a file URL that ends in "/"
   * @param threads the number of threads of a pool that shares the work of one job
   */
  constructor(workers: URL, threads: number | undefined) {
    this.segments = new WorkerPool(workers, threads);
    this.previews = new WorkerPool(workers, 1);
    this.joins = new WorkerPool(workers, threads);
    this.analyses = new WorkerPool(workers, 2);
    this.imports = new WorkerPool(workers, 2, 0);
    this.recordings = new WorkerPool(workers, 1, 0);
    this.trainings = new WorkerPool(workers, 1, 0);
  }

  async close(): Promise<void> {
    const { segments, previews, joins, analyses, imports, recordings, trainings } = this;
    const pools = [segments, previews, joins, analyses, imports, recordings, trainings];
    await Promise.all(pools.map((pool) => pool.close()));
  }
}
