import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";

const POLL_MS = 200;
/** After this time without a free server, one more batch runs: a busy server must not stop the backfill for ever. */
const LONGEST_WAIT_MS = 2_000;
/** More than one lane works while at most this share of the allowed sessions is active. */
const ROOM_SHARE = 1 / 8;
/** A server with room has had room for this time. A look sees only the statements of one moment. */
const ROOM_MS = 1_000;

/** Two sessions for each core: the cores of this machine, because PostgreSQL does not tell its own. */
export const MOST_ACTIVE = 2 * availableParallelism();

export interface ThrottleOptions {
  /** The backfill waits while more sessions of the server are active. */
  readonly mostActive: number;
  readonly shouldStop: () => boolean;
}

/** Lets all lanes of a backfill wait for a while if the server has much other work. */
export class Throttle {
  private askedAtMs = -Infinity;
  private restEndsAtMs = -Infinity;
  private noRoomAtMs = -Infinity;
  private calm: Promise<void> | undefined;

  constructor(private readonly options: ThrottleOptions) {}

  /** True if the server has room for more than one lane. */
  get hasRoom(): boolean {
    return performance.now() - this.noRoomAtMs > ROOM_MS;
  }

  /** @param restMs how long all lanes rest in any case */
  async rest(client: pg.Client, restMs: number): Promise<void> {
    this.restEndsAtMs = Math.max(this.restEndsAtMs, performance.now() + restMs);
    for (let leftMs = restMs; leftMs > 0; leftMs = this.restEndsAtMs - performance.now()) {
      await pause(leftMs);
    }
    this.calm ??= this.untilCalm(client).finally(() => {
      this.calm = undefined;
    });
    await this.calm;
  }

  private async untilCalm(client: pg.Client): Promise<void> {
    if (performance.now() - this.askedAtMs < POLL_MS) return;
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
      this.askedAtMs = performance.now();
      const active = await activeSessions(client);
      if (active > this.options.mostActive * ROOM_SHARE) this.noRoomAtMs = performance.now();
      if (this.options.shouldStop() || active <= this.options.mostActive) return;
      await pause(POLL_MS);
    }
  }
}

/** The other sessions that are active. The lanes of a backfill share a name. */
async function activeSessions(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ active: number }>(
    `SELECT count(*)::int AS active FROM pg_stat_activity
     WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()
       AND application_name <> current_setting('application_name')`,
  );
  return rows[0]?.active ?? 0;
}
