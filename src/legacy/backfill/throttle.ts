import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";

const POLL_MS = 200;
/** After this time without a free server, one more batch runs: a busy server must not stop the backfill for ever. */
const LONGEST_WAIT_MS = 2_000;

export interface ThrottleOptions {
  /** The backfill waits while more sessions of the server are active. */
  readonly mostActive: number;
  readonly shouldStop: () => boolean;
}

/** Waits for a while if the server has much other work. */
export class Throttle {
  private askedAtMs = -Infinity;

  constructor(
    private readonly client: pg.Client,
    private readonly options: ThrottleOptions,
  ) {}

  /** @param restMs how long the backfill rests in any case */
  async rest(restMs: number): Promise<void> {
    if (restMs > 0) await pause(restMs);
    const nowMs = performance.now();
    if (nowMs - this.askedAtMs < POLL_MS) return;
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
      this.askedAtMs = performance.now();
      if (this.options.shouldStop() || (await this.activeSessions()) <= this.options.mostActive)
        return;
      await pause(POLL_MS);
    }
  }

  private async activeSessions(): Promise<number> {
    const { rows } = await this.client.query<{ active: number }>(
      `SELECT count(*)::int AS active FROM pg_stat_activity
       WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return rows[0]?.active ?? 0;
  }
}
