import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { isAboutData } from "../connection.js";
import type { Pair } from "../pairs.js";
import { type BackfillOptions, Ending } from "./backfill-options.js";
import { refuseNext, runBatch } from "./batch.js";
import type { Noted, Part, Progress } from "./checkpoints.js";
import { Pace } from "./pace.js";
import { Statistics } from "./statistics.js";
import { Throttle } from "./throttle.js";

const POLL_MS = 50;

interface Lane {
  readonly client: pg.Client;
  readonly mayWork: () => boolean;
  readonly pace: Pace;
}

/**
 * The backfill of one pair. Each lane takes the next part that waits, until no part is left. All lanes but the first
 * one rest while the server has no room for them.
 */
export class PairCopy {
  private readonly waiting: Part[];
  private readonly statistics: Statistics;
  private readonly throttle: Throttle;
  private taken: number;
  private written: number;
  private isEnding = false;
  private isFirstDone = false;

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
    const [first, ...others] = lanes;
    if (!first) throw new Error("A backfill needs a connection.");
    watcher.started(pair, this.progress);
    const working = [
      this.runLane(first, () => true).finally(() => (this.isFirstDone = true)),
      ...others.map((lane) => this.runLane(lane, () => this.hasRoom)),
    ];
    await Promise.allSettled(working);
    const endings = await Promise.all(working);
    if (endings.includes(Ending.Paused)) return Ending.Paused;
    if (endings.includes(Ending.Stopped)) return Ending.Stopped;
    await this.statistics.refresh(first);
    watcher.finished(pair, { ...this.progress, pair: pair.name, isDone: true });
    return Ending.Done;
  }

  private get progress(): Progress {
    const { taken, written } = this;
    return { taken, written };
  }

  private shouldStop(): boolean {
    return this.isEnding || this.options.shouldStop();
  }

  private get hasRoom(): boolean {
    return this.isFirstDone || this.throttle.hasRoom;
  }

  /** @param mayWork false while the lane must leave the server to others */
  private async runLane(client: pg.Client, mayWork: () => boolean): Promise<Ending> {
    const lane = { client, mayWork, pace: new Pace(this.options.largestBatch) };
    let ending: Ending = Ending.Stopped;
    try {
      do {
        const part = this.waiting.shift();
        ending = part ? await this.copyPart(lane, part) : Ending.Done;
        while (!mayWork() && this.waiting.length > 0 && !this.shouldStop()) await pause(POLL_MS);
      } while (ending === Ending.Done && this.waiting.length > 0);
      return ending;
    } finally {
      if (ending !== Ending.Done) this.isEnding = true;
    }
  }

  /** Copies a part. Gives the rest of the part back if the lane must leave the server to others. */
  private async copyPart({ client, mayWork, pace }: Lane, part: Part): Promise<Ending> {
    for (let lastKey = part.lastKey; ;) {
      await this.throttle.rest(client, pace.restMs);
      if (this.shouldStop()) return Ending.Stopped;
      if (!mayWork()) {
        this.waiting.unshift({ ...part, lastKey });
        return Ending.Done;
      }
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
