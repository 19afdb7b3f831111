import type pg from "pg";
import type { Database } from "../database/transactions/database.js";
import { UnavailableError } from "../errors.js";
import { type Repetition, repeat } from "./repeat.js";

/** Why the data cannot be served yet. */
export interface Obstacle {
  /** One word for GET /health. */
  readonly status: string;
  /** What a person must do. */
  readonly message: string;
}

/** A condition of the data, besides a database that answers. */
export interface ReadinessCheck {
  /**
   * Looks at the database before its migrations. Returns true if `obstacleIn` can find an obstacle in this database.
   * @throws StartupError if no process may start with this database
   */
  applies(client: pg.ClientBase): Promise<boolean>;
  /** Returns null if the data can be served. */
  obstacleIn(database: Database): Promise<Obstacle | null>;
}

/** A process that is ready asks more rarely. */
const ASK_MS = { ready: 5_000, waiting: 1_000 };

/** Tells whether a process can serve its data. Without checks, a process is ready and sends no statement. */
export class Readiness {
  private known: Obstacle | null = null;
  private askedAtMs = -Infinity;
  private asking: Promise<Obstacle | null> | undefined;
  private waiting: Repetition | undefined;

  constructor(
    private readonly database: Database,
    private readonly checks: readonly ReadinessCheck[],
  ) {}

  /** Returns null if the process is ready. */
  async obstacle(): Promise<Obstacle | null> {
    if (this.checks.length === 0) return null;
    const ageMs = performance.now() - this.askedAtMs;
    if (ageMs < (this.known ? ASK_MS.waiting : ASK_MS.ready)) return this.known;
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** @throws UnavailableError if the process is not ready */
  async require(): Promise<void> {
    const obstacle = await this.obstacle();
    if (obstacle) throw new UnavailableError(obstacle.message);
  }

  /** Runs `work` when the process is ready. Waits for `work` only if the process is ready now. */
  async whenReady(work: () => Promise<void>, onError: (error: unknown) => void): Promise<void> {
    if ((await this.obstacle()) === null) {
      await work();
      return;
    }
    this.waiting = repeat(() => this.beginIfReady(work), { everyMs: ASK_MS.waiting, onError });
  }

  async close(): Promise<void> {
    await this.waiting?.stop();
  }

  private async beginIfReady(work: () => Promise<void>): Promise<void> {
    if ((await this.obstacle()) !== null) return;
    await work();
    // Do not wait for the end of the repetition: this is its last run.
    void this.waiting?.stop();
  }

  private async ask(): Promise<Obstacle | null> {
    for (const check of this.checks) {
      this.known = await check.obstacleIn(this.database);
      if (this.known) break;
    }
    this.askedAtMs = performance.now();
    return this.known;
  }
}
