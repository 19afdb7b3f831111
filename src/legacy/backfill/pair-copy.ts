import type pg from "pg";
import { isAboutData } from "../connection.js";
import type { Pair } from "../pairs.js";
import { type BackfillOptions, Ending } from "./backfill-options.js";
import { refuseNext, runBatch } from "./batch.js";
import type { Noted, Part, Progress } from "./checkpoints.js";
import { Pace } from "./pace.js";
import { Statistics } from "./statistics.js";
import { Throttle } from "./throttle.js";

/** The backfill of one pair. Each lane takes the next part that waits, until no part is left. */
export class PairCopy {
  private readonly waiting: Part[];
  private readonly statistics: Statistics;
  private readonly throttle: Throttle;
  private taken: number;
  private written: number;
  private hasFailed = false;

  constructor(
    private readonly pair: Pair,
    parts: readonly Part[],
    private readonly options: BackfillOptions,
  ) {
    this.waiting = parts.filter(({ isDone }) => !isDone);
    this.taken = parts.reduce((sum, { taken }) => sum + taken, 0);
    this.written = parts.reduce((sum, { written }) => sum + written, 0);
    this.statistics = new Statistics(pair.targets);
    this.throttle = new Throttle({ ...options, shouldStop: () => this.shouldStop() });
  }

  /** How many parts are left. */
  get openParts(): number {
    return this.waiting.length;
  }

  /**
   * Copies the parts that are left, each connection one at a time. If a lane fails, the other lanes stop after their
   * current batches.
   */
  async run(lanes: readonly pg.Client[]): Promise<Ending> {
    const { pair } = this;
    const { watcher } = this.options;
    const [first] = lanes;
    if (!first) throw new Error("A backfill needs a connection.");
    watcher.started(pair, this.progress);
    const working = lanes.map((lane) => this.runLane(lane));
    await Promise.allSettled(working);
    const endings = await Promise.all(working);
    if (endings.includes(Ending.Stopped)) return Ending.Stopped;
    if (endings.includes(Ending.Paused)) return Ending.Paused;
    await this.statistics.refresh(first);
    watcher.finished(pair, { ...this.progress, pair: pair.name, isDone: true });
    return Ending.Done;
  }

  private get progress(): Progress {
    const { taken, written } = this;
    return { taken, written };
  }

  private shouldStop(): boolean {
    return this.hasFailed || this.options.shouldStop();
  }

  private async runLane(client: pg.Client): Promise<Ending> {
    const pace = new Pace(this.options.largestBatch);
    try {
      for (let part = this.waiting.shift(); part; part = this.waiting.shift()) {
        const ending = await this.copyPart(client, part, pace);
        if (ending !== Ending.Done) return ending;
      }
      return Ending.Done;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  private async copyPart(client: pg.Client, part: Part, pace: Pace): Promise<Ending> {
    for (let lastKey = part.lastKey; ;) {
      await this.throttle.rest(client, pace.restMs);
      if (this.shouldStop()) return Ending.Stopped;
      const noted = await this.step(client, { ...part, lastKey }, pace);
      if (!noted) continue;
      if (noted.isDone) return Ending.Done;
      lastKey = noted.lastKey;
      this.taken += noted.batch.taken;
      this.written += noted.batch.written;
      this.options.watcher.advanced(this.pair, this.progress);
      await this.statistics.follow(client, this.written);
      if (noted.isPaused) return Ending.Paused;
    }
  }

  /**
   * Writes the next batch. If a row of the batch cannot be written, smaller batches lead to that row, which goes into
   * quarantine. Returns null if a smaller batch must be tried.
   */
  private async step(client: pg.Client, part: Part, pace: Pace): Promise<Noted | null> {
    const startedAtMs = performance.now();
    const { size } = pace;
    try {
      const noted = await runBatch(client, this.pair, { part, size });
      pace.note(noted.batch.taken, performance.now() - startedAtMs);
      return noted;
    } catch (error) {
      if (!isAboutData(error)) throw error;
      if (size === 1) return refuseNext(client, this.pair, { part, reason: error });
      pace.narrow();
      return null;
    }
  }
}
