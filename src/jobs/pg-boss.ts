import { randomUUID } from "node:crypto";
import pg from "pg";
import { type JobWithMetadata, PgBoss, type Queue } from "pg-boss";
import { z } from "zod";
import { FabulaError } from "../platform/errors.js";
import type { Logger } from "../platform/process/logging.js";
import type { Tx } from "../platform/database/transactions/database.js";
import { KEEP_ALIVE } from "../platform/database/connection/data-source.js";
import { Role, setSession } from "../platform/database/connection/settings.js";
import { MAX_DEATHS, countThrownTry, findPayloadsWithoutJob, leaveTryUncounted } from "./tries.js";
import {
  type JobDefinition,
  type JobFailure,
  type JobQueue,
  type JobRef,
  type JobRunner,
  Priority,
  type SendOptions,
} from "./queue.port.js";
import {
  CREATE_TURNS,
  TURN_FUNCTIONS,
  type Execute,
  LANE_BOUNDS,
  beginTurn,
  priorityOfNewJob,
  renewTurn,
} from "./turns.js";

const SCHEMA = "jobs";
const DEAD = "-dead";
const HEARTBEAT_SECONDS = 10;
const POLL_SECONDS = 0.5;
// pg-boss polls only every 30 s by default if notifications are on. With this default, a backlog would
// shrink by only one job every 30 s.
const NOTIFIED_POLL_SECONDS = 0.5;
const POOL_SIZE = 4;
const QUIET_MS = 10_000;
/**
 * The time that an aborted job gets to end. After this time, the queue offers the job to another worker,
 * even if the job still runs.
 */
const LEAVE_MS = 1_000;

/**
 * Settings that detect dead connections. pg-boss knows only some of them, and hands the others to its
 * driver pg.
 */
const LIVENESS = {
  ...KEEP_ALIVE,
  query_timeout: 10_000,
  connectionTimeoutMillis: 5_000,
  notifyHeartbeatIntervalMs: 4_000,
  notifyHeartbeatTimeoutMs: 4_000,
  notifyKeepAliveInitialDelayMs: KEEP_ALIVE.keepAliveInitialDelayMillis,
};

type QueueShape = Pick<JobDefinition, "name" | "timeoutSeconds">;

/**
 * Creates the schema and the queues with the database role Owner. Grants rights to the roles App and
 * Queue. `migrate` calls this function as one of its steps.
 */
export async function installQueues(
  ownerUrl: string,
  queues: readonly QueueShape[],
): Promise<void> {
  const boss = new PgBoss({
    ...connectionAs(Role.Owner, ownerUrl),
    schema: SCHEMA,
    max: 2,
    supervise: false,
    schedule: false,
  });
  const errors: unknown[] = [];
  boss.on("error", (error) => errors.push(error));
  await boss.start();
  try {
    for (const { name, timeoutSeconds } of queues) {
      const dead = { name: name + DEAD, retryLimit: 10, retryBackoff: true, notify: true };
      await ensureQueue(boss, dead);
      await ensureQueue(boss, {
        name,
        // This limit is for deaths of workers only. The code in tries.ts limits the tries that throw.
        retryLimit: MAX_DEATHS - 1,
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
  await grantQueues(ownerUrl);
}

/**
 * Returns connection options for pg-boss, which passes the options to its pool. The pool calls
 * `onConnect` for each new connection, before any other statement.
 */
const connectionAs = (role: Role, url: string) => ({
  connectionString: url,
  onConnect: (client: pg.Client) => setSession(client, role),
});

/**
 * The database role Queue has all rights on jobs. The role App can only add jobs. App cannot read a
 * payload, and cannot change or delete a job. To add a job, pg-boss reads the settings of the queue, and
 * the id and the start of the new job. Therefore App has the right to read these columns.
 */
const GRANTS = `
  ${CREATE_TURNS};
  GRANT USAGE ON SCHEMA ${SCHEMA} TO ${Role.App}, ${Role.Queue};
  REVOKE ALL ON ALL TABLES IN SCHEMA ${SCHEMA} FROM ${Role.App};
  REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${SCHEMA} FROM ${Role.App};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${Role.Queue};
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${Role.Queue};
  REVOKE ALL ON FUNCTION ${TURN_FUNCTIONS} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${TURN_FUNCTIONS} TO ${Role.App}, ${Role.Queue};
  GRANT SELECT ON ${SCHEMA}.queue TO ${Role.App};
  GRANT INSERT, SELECT (id, start_after) ON ${SCHEMA}.job TO ${Role.App};
  DO $$ DECLARE part regclass; BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = '${SCHEMA}.job'::regclass LOOP
      EXECUTE format('GRANT INSERT, SELECT (id, start_after) ON %s TO ${Role.App}', part);
    END LOOP;
  END $$`;

async function grantQueues(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await setSession(owner, Role.Owner);
    await owner.query(GRANTS);
  } finally {
    await owner.end();
  }
}

export interface PgBossOptions {
  readonly url: string;
  readonly logger: Logger;
}

/**
 * The queue in PostgreSQL. A job is a row, which the sender's transaction inserts. The connections of
 * the queue itself have the database role Queue.
 */
export class PgBossQueue implements JobQueue, JobRunner {
  private readonly boss: PgBoss;
  private readonly stopping = new AbortController();
  /** Aborts when a stopping process has waited for its jobs for the whole grace period. */
  private readonly leaving = new AbortController();
  private hasWarned = false;

  constructor(private readonly options: PgBossOptions) {
    this.boss = new PgBoss({
      ...connectionAs(Role.Queue, options.url),
      application_name: "fabula-jobs",
      ...LIVENESS,
      max: POOL_SIZE,
      schema: SCHEMA,
      migrate: false,
      createSchema: false,
      schedule: false,
      useListenNotify: true,
      // Only the owner may rebuild indexes and read the state of vacuum.
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

  /**
   * Logs at most one failure in ten seconds. While the database does not answer, four polls fail every
   * second.
   */
  private warn(error: Error): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    setTimeout(() => {
      this.hasWarned = false;
    }, QUIET_MS).unref();
    this.options.logger.warn({ err: error }, "The job queue failed and will retry");
  }

  /** Connects to the database, so that the queue can send jobs. To run jobs, call `start` too. */
  async connect(): Promise<void> {
    await this.boss.start();
  }

  async enqueue<P extends object>(
    tx: Tx,
    job: JobRef<P>,
    payload: P,
    { group, priority = Priority.Normal, later }: SendOptions = {},
  ): Promise<void> {
    const data = job.payload.parse(payload);
    const execute: Execute = (text, values) => rowsOf(tx.query(text, values));
    const executeSql = async (text: string, values: unknown[] = []) => ({
      rows: await execute(text, values),
    });
    const waiting = later && {
      startAfter: later.seconds,
      singletonKey: later.key,
      singletonSeconds: later.seconds,
    };
    await this.boss.send(job.name, data, {
      db: { executeSql },
      priority: await priorityOfNewJob(execute, { queue: job.name, priority }, group),
      ...(group === undefined ? {} : { group: { id: group } }),
      ...waiting,
    });
  }

  /** Runs a statement on a connection of the queue itself. */
  private readonly execute: Execute = async (text, values) => {
    const { rows }: { rows: object[] } = await this.boss.getDb().executeSql(text, values);
    return rows;
  };

  /** Reads the jobs on a connection of the queue itself, because other roles cannot read payloads. */
  findWithoutJob<P extends object>(job: JobRef<P>, payloads: readonly P[]): Promise<P[]> {
    return findPayloadsWithoutJob(this.boss.getDb(), [job.name, job.name + DEAD], payloads);
  }

  async start(jobs: readonly JobDefinition[]): Promise<void> {
    for (const job of jobs) {
      const attempt = (taken: JobWithMetadata<unknown>) => this.attempt(job, taken);
      await this.takeJobs(job.name, { localConcurrency: job.concurrency ?? 1 }, attempt);
      for (const priority of Object.values(Priority)) {
        const localConcurrency = job.reserved?.[priority] ?? 0;
        await this.takeJobs(job.name, { localConcurrency, ...LANE_BOUNDS[priority] }, attempt);
      }
      await this.takeJobs(job.name + DEAD, { localConcurrency: 1 }, ({ data, sourceOutput }) => {
        const failure = keptFailure(sourceOutput);
        this.options.logger.error({ job: job.name, payload: data, ...failure }, "Giving up a job");
        return job.giveUp(job.payload.parse(data), failure);
      });
    }
  }

  /** Runs one try. If an error is not retryable, gives up the job at once. */
  private async attempt(job: JobDefinition, taken: JobWithMetadata<unknown>): Promise<string> {
    const payload = job.payload.parse(taken.data);
    const ending = job.isResumed ? this.stopping.signal : this.leaving.signal;
    const signal = AbortSignal.any([taken.signal, ending]);
    await beginTurn(this.execute, taken);
    try {
      return await job.run(payload, signal);
    } catch (error) {
      if (error instanceof FabulaError && !error.retryable)
        return job.giveUp(payload, { message: error.message, errorId: randomUUID() });
      await this.recordTry(job, taken).catch((failure: unknown) => {
        // Only log that the try could not be recorded, and throw the job's own error. The two errors
        // often have one cause, and the job's error tells more about the cause.
        if (failure instanceof Error) this.warn(failure);
      });
      throw error;
    }
  }

  /**
   * Records that a try ended without success. The queue needs this record to decide whether another try
   * follows.
   */
  private async recordTry(job: JobDefinition, taken: JobWithMetadata<unknown>): Promise<void> {
    if (this.stopping.signal.aborted) await leaveTryUncounted(this.boss.getDb(), taken);
    else await countThrownTry(this.boss.getDb(), taken, job.retryLimit);
    await renewTurn(this.execute, taken);
  }

  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    const timer = setTimeout(() => {
      this.leaving.abort();
    }, graceMs);
    try {
      await this.boss.stop({ graceful: true, close: true, timeout: graceMs + LEAVE_MS });
    } finally {
      clearTimeout(timer);
    }
  }

  private async takeJobs(
    name: string,
    slots: { readonly localConcurrency: number; minPriority?: number; maxPriority?: number },
    work: (job: JobWithMetadata<unknown>) => Promise<string>,
  ): Promise<void> {
    const { logger } = this.options;
    if (slots.localConcurrency === 0) return;
    await this.boss.work(
      name,
      {
        batchSize: 1,
        ...slots,
        includeMetadata: true as const,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: NOTIFIED_POLL_SECONDS,
        heartbeatRefreshSeconds: HEARTBEAT_SECONDS / 2,
      },
      async ([job]) => {
        if (!job) return;
        try {
          logger.info(await work(job));
        } catch (error) {
          const failure = new KeptFailure(error);
          const { errorId } = failure;
          const about = { job: name, payload: job.data, try: job.retryCount + 1, errorId };
          if (this.stopping.signal.aborted) logger.info(about, "Leaving a job to another worker");
          else if (job.signal.aborted)
            logger.warn({ ...about, err: error }, "A job ran out of time");
          else logger.error({ ...about, err: error }, "A job failed");
          throw failure;
        }
      },
    );
  }
}

/** The error that the queue stores. Only the log contains the message and the stack of a bug. */
class KeptFailure extends Error {
  readonly errorId = randomUUID();
  readonly isForUsers: boolean;

  constructor(error: unknown) {
    const isForUsers = error instanceof FabulaError;
    super(isForUsers ? error.message : "Search the log for the error's id.");
    this.isForUsers = isForUsers;
    this.stack = "";
  }
}

const keptSchema = z.object({
  message: z.string(),
  errorId: z.string(),
  isForUsers: z.boolean(),
});

/**
 * Returns the failure that the queue stored for a job. The message is null if the job's worker died:
 * only the queue's own message exists, and users must not see this message.
 */
function keptFailure(output: object | null): JobFailure {
  const { data: kept } = keptSchema.safeParse(output);
  if (!kept) return { message: null, errorId: randomUUID() };
  return { message: kept.isForUsers ? kept.message : null, errorId: kept.errorId };
}

async function ensureQueue(boss: PgBoss, queue: Queue): Promise<void> {
  const { name, ...options } = queue;
  if (await boss.getQueue(name)) await boss.updateQueue(name, options);
  else await boss.createQueue(name, options);
}

/**
 * Returns the rows of TypeORM's result. For UPDATE and DELETE, the result is [rows, count]. For every
 * other statement, the result is the rows.
 */
async function rowsOf(result: Promise<unknown>): Promise<object[]> {
  const answer = await result;
  if (!Array.isArray(answer)) return [];
  const [first, second] = answer as unknown[];
  return Array.isArray(first) && typeof second === "number"
    ? (first as object[])
    : (answer as object[]);
}
