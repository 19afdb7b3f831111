import pg from "pg";
import { PgBoss, type Queue } from "pg-boss";
import type { Logger } from "../platform/logging.js";
import type { Tx } from "../platform/database/database.js";
import { Role } from "../platform/database/data-source.js";
import type { JobDefinition, JobQueue, JobRef, JobRunner } from "./queue.port.js";

const SCHEMA = "jobs";
const DEAD = "-dead";
const HEARTBEAT_SECONDS = 10;
const POLL_SECONDS = 0.5;
// With notifications on, the default of 30 s would drain a backlog one job every 30 s.
const NOTIFIED_POLL_SECONDS = 0.5;
const POOL_SIZE = 4;
const QUIET_MS = 10_000;

type QueueShape = Pick<JobDefinition, "name" | "retryLimit" | "timeoutSeconds">;

/** Makes the queue's schema and queues, as the owner, and lets the app use them. Part of the migration. */
export async function installQueues(
  ownerUrl: string,
  queues: readonly QueueShape[],
): Promise<void> {
  const connection = { connectionString: ownerUrl, options: `-c role=${Role.Owner}` };
  const boss = new PgBoss({
    ...connection,
    schema: SCHEMA,
    max: 2,
    supervise: false,
    schedule: false,
  });
  const errors: unknown[] = [];
  boss.on("error", (error) => errors.push(error));
  await boss.start();
  try {
    for (const { name, retryLimit, timeoutSeconds } of queues) {
      const dead = { name: name + DEAD, retryLimit: 10, retryBackoff: true, notify: true };
      await ensureQueue(boss, dead);
      await ensureQueue(boss, {
        name,
        retryLimit,
        retryDelay: 1,
        retryBackoff: true,
        expireInSeconds: timeoutSeconds,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        deadLetter: dead.name,
        notify: true,
      });
    }
  } finally {
    await boss.stop({ graceful: false, close: true });
  }
  if (errors.length > 0) throw errors[0];
  await grantQueues(connection);
}

async function grantQueues(connection: pg.ClientConfig): Promise<void> {
  const owner = new pg.Client(connection);
  await owner.connect();
  try {
    await owner.query(`
      GRANT USAGE ON SCHEMA ${SCHEMA} TO ${Role.App};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${Role.App};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${Role.App};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO ${Role.App}`);
  } finally {
    await owner.end();
  }
}

export interface PgBossOptions {
  readonly url: string;
  readonly logger: Logger;
}

/** The queue in PostgreSQL: jobs are rows, sent in the sender's transaction. Runs as the app's role. */
export class PgBossQueue implements JobQueue, JobRunner {
  private readonly boss: PgBoss;
  private hasWarned = false;

  constructor(private readonly options: PgBossOptions) {
    this.boss = new PgBoss({
      connectionString: options.url,
      options: `-c role=${Role.App}`,
      application_name: "fabula-jobs",
      max: POOL_SIZE,
      schema: SCHEMA,
      migrate: false,
      createSchema: false,
      schedule: false,
      useListenNotify: true,
      // Rebuilding indexes and reading vacuum's state are the owner's business.
      reindex: false,
      monitorVacuum: false,
      maintenanceIntervalSeconds: 60,
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
    });
    this.boss.on("error", (error) => {
      this.warn(error);
    });
  }

  /** While the database is away every poll fails, four a second; one line in a while says so. */
  private warn(error: Error): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    setTimeout(() => {
      this.hasWarned = false;
    }, QUIET_MS).unref();
    this.options.logger.warn({ err: error }, "The job queue met an error and goes on");
  }

  /** Connects, without taking jobs yet: enough to send. */
  async connect(): Promise<void> {
    await this.boss.start();
  }

  async enqueue<P extends object>(tx: Tx, job: JobRef<P>, payload: P): Promise<void> {
    const executeSql = async (text: string, values?: unknown[]) => ({
      rows: await rowsOf(tx.query(text, values)),
    });
    await this.boss.send(job.name, job.payload.parse(payload), { db: { executeSql } });
  }

  async start(jobs: readonly JobDefinition[]): Promise<void> {
    for (const job of jobs) {
      await this.take(job.name, (payload) => job.run(job.payload.parse(payload)));
      await this.take(job.name + DEAD, (payload, reason) =>
        job.giveUp(job.payload.parse(payload), reason),
      );
    }
  }

  async stop(graceMs: number): Promise<void> {
    await this.boss.stop({ graceful: true, close: true, timeout: graceMs });
  }

  private async take(
    name: string,
    work: (payload: unknown, reason: string) => Promise<string>,
  ): Promise<void> {
    const { logger } = this.options;
    await this.boss.work(
      name,
      {
        batchSize: 1,
        includeMetadata: true as const,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: NOTIFIED_POLL_SECONDS,
        heartbeatRefreshSeconds: HEARTBEAT_SECONDS / 2,
      },
      async ([job]) => {
        if (!job) return;
        const about = { job: name, payload: job.data };
        try {
          logger.info(await work(job.data, reasonIn(job.sourceOutput)));
        } catch (error) {
          logger.error({ ...about, err: error, try: job.retryCount + 1 }, "A job failed");
          throw error;
        }
      },
    );
  }
}

async function ensureQueue(boss: PgBoss, queue: Queue): Promise<void> {
  const { name, ...options } = queue;
  if (await boss.getQueue(name)) await boss.updateQueue(name, options);
  else await boss.createQueue(name, options);
}

/** TypeORM answers UPDATE and DELETE with [rows, count]; the queue wants rows. */
async function rowsOf(result: Promise<unknown>): Promise<object[]> {
  const answer = await result;
  if (!Array.isArray(answer)) return [];
  const [first, second] = answer as unknown[];
  return Array.isArray(first) && typeof second === "number"
    ? (first as object[])
    : (answer as object[]);
}

/** What the failed job threw, or what the queue says of one that ran out of time; a dead letter brings it along. */
function reasonIn(failed: object | null): string {
  const { message, value } = (failed ?? {}) as { message?: unknown; value?: { message?: unknown } };
  const reason = message ?? value?.message;
  return typeof reason === "string" ? reason : "The job failed on its last try.";
}
