import type { Clock } from "../clock.js";

/** The capacity of each bucket, and how fast each bucket refills. */
export interface BucketSize {
  readonly capacity: number;
  readonly perSecond: number;
}

/** Shares the level of buckets between processes. */
export interface BucketStore {
  /** Subtracts the amounts spent since the last call. Returns the level of each of these buckets. */
  settle(
    spent: ReadonlyMap<string, number>,
    size: BucketSize,
  ): Promise<ReadonlyMap<string, number>>;
}

export interface TokenBucketOptions {
  readonly size: BucketSize;
  readonly clock: Clock;
  /** Without a store, each process has its own buckets. */
  readonly store?: BucketStore | undefined;
  /**
   * Receives the error when the store begins to fail. The buckets continue with the levels in the memory
   * of this process. Further failures are not reported until the store has worked again.
   */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * The result of `take`. `waitMs` is the time until the bucket has enough, and 0 if the amount was
 * taken.
 */
export interface TakeResult {
  readonly isTaken: boolean;
  readonly remaining: number;
  readonly waitMs: number;
}

interface Bucket {
  level: number;
  filledAtMs: number;
  /** The amount spent since the last settlement. */
  unsettled: number;
}

const SETTLE_EVERY_MS = 1_000;

/**
 * Token buckets in the memory of the process. `take` and `charge` do not use the database. At most
 * once a second, in the background, the process sends the amounts spent to the store and receives
 * the common levels. So all processes together can spend more than the capacity, for at most one
 * second.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private settlingAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private settling: Promise<void> = Promise.resolve();
  private isClosed = false;
  private isFailing = false;

  constructor(private readonly options: TokenBucketOptions) {}

  /** Takes `amount` if the bucket has enough. Takes nothing if the bucket has less. */
  take(key: string, amount: number): TakeResult {
    const bucket = this.bucketOf(key);
    const isTaken = amount === 0 || bucket.level >= amount;
    if (isTaken) this.spend(key, bucket, amount);
    const missing = isTaken ? 0 : amount - bucket.level;
    const waitMs = Math.ceil((missing / this.options.size.perSecond) * 1000);
    return { isTaken, remaining: Math.max(0, Math.floor(bucket.level)), waitMs };
  }

  /** Takes `amount` for work that is already done. The level may become negative. */
  charge(key: string, amount: number): void {
    this.spend(key, this.bucketOf(key), amount);
  }

  /** Returns the level of a bucket, rounded down. Returns 0 for a negative level. */
  remainingOf(key: string): number {
    return Math.max(0, Math.floor(this.bucketOf(key).level));
  }

  /** Stops the timer and sends the last amounts to the store. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.settling;
    await this.settle();
  }

  private spend(key: string, bucket: Bucket, amount: number): void {
    if (amount === 0) return;
    this.buckets.set(key, bucket);
    bucket.level -= amount;
    bucket.unsettled += amount;
    this.settleSoon();
  }

  private bucketOf(key: string): Bucket {
    const { capacity, perSecond } = this.options.size;
    const nowMs = this.nowMs();
    const known = this.buckets.get(key);
    if (!known) return { level: capacity, filledAtMs: nowMs, unsettled: 0 };
    const filled = (Math.max(0, nowMs - known.filledAtMs) / 1000) * perSecond;
    known.level = Math.min(capacity, known.level + filled);
    known.filledAtMs = nowMs;
    return known;
  }

  private settleSoon(): void {
    if (this.timer || this.isClosed) return;
    const leftMs = this.settlingAtMs + SETTLE_EVERY_MS - this.nowMs();
    // A clock that was set back must not make the store wait for hours.
    const waitMs = Math.min(SETTLE_EVERY_MS, Math.max(0, leftMs));
    this.timer = setTimeout(() => {
      this.settlingAtMs = this.nowMs();
      this.settling = this.settle().finally(() => {
        this.timer = undefined;
        if ([...this.buckets.values()].some(({ unsettled }) => unsettled > 0)) this.settleSoon();
      });
    }, waitMs).unref();
  }

  private async settle(): Promise<void> {
    const { store, size } = this.options;
    const spent = this.takeUnsettled();
    if (!store || spent.size === 0) return;
    try {
      const left = await store.settle(spent, size);
      this.isFailing = false;
      for (const [key, level] of left) {
        const bucket = this.bucketOf(key);
        // The store does not know yet what this process spent during the call. Subtract that
        // amount.
        bucket.level = Math.min(bucket.level, level - bucket.unsettled);
        this.buckets.set(key, bucket);
      }
    } catch (error) {
      this.putBack(spent);
      if (!this.isFailing) this.options.onFailure?.(error);
      this.isFailing = true;
    }
  }

  private takeUnsettled(): Map<string, number> {
    const spent = new Map<string, number>();
    for (const [key, bucket] of this.buckets) {
      if (bucket.unsettled > 0) spent.set(key, bucket.unsettled);
      bucket.unsettled = 0;
      // Delete a full bucket: a bucket that is not in the map counts as full.
      if (this.bucketOf(key).level >= this.options.size.capacity) this.buckets.delete(key);
    }
    return spent;
  }

  private putBack(spent: ReadonlyMap<string, number>): void {
    for (const [key, amount] of spent) {
      const bucket = this.bucketOf(key);
      bucket.unsettled += amount;
      this.buckets.set(key, bucket);
    }
  }

  private nowMs(): number {
    return this.options.clock.now().getTime();
  }
}
