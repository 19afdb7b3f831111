import type { z } from "zod";
import type { Tx } from "../platform/database/transactions/database.js";

/** The reason why a job was given up. */
export interface JobFailure {
  /** A message that the user may read. Null for a bug, because only the log contains the message of a bug. */
  readonly message: string | null;
  /** Search the log for this id. */
  readonly errorId: string;
}

/**
 * A kind of job. Payloads contain only ids. `run` first reads which part of the work is done, because
 * the queue may call `run` twice for one job.
 */
export interface JobDefinition<P extends object = object> {
  readonly name: string;
  readonly payload: z.ZodType<P>;
  /**
   * How many times the job runs again because a try threw. If one more try throws, the job is given up.
   * A try does not count if its worker died or stopped.
   */
  readonly retryLimit: number;
  /** The longest time for one try. After this time, another worker takes the job. */
  readonly timeoutSeconds: number;
  /** How many jobs of this kind, with any priority, one process runs at the same time. Default 1. */
  readonly concurrency?: number;
  /**
   * For each priority, how many jobs of only this priority one process runs in addition to
   * `concurrency`. If both priorities have such places, jobs of one priority never take all the places.
   * Default 0.
   */
  readonly reserved?: Readonly<Partial<Record<Priority, number>>>;
  /**
   * True if each try continues the work of the previous try. A stopping process does not wait for such a
   * job, because another worker can continue the work.
   */
  readonly isResumed?: boolean;
  /**
   * @param signal aborts when this process must leave the job to another worker, because the job ran
   *   out of time or the process stops
   * @returns a sentence for the log about the work done
   * @throws any error if the job must run again. If the error is a FabulaError that is not retryable,
   *   the job is given up at once.
   */
  run(payload: P, signal: AbortSignal): Promise<string>;
  /**
   * Handles the failure of a job that gets no more tries. Returns a sentence for the log. The queue may
   * call `giveUp` more than once for one job.
   */
  giveUp(payload: P, failure: JobFailure): Promise<string>;
}

/**
 * The name and the payload of a job. Code that sends a job needs only this part, not the code that runs
 * the job.
 */
export type JobRef<P extends object> = Pick<JobDefinition<P>, "name" | "payload">;

/**
 * Jobs with high priority run before jobs with normal priority. Give high priority only to short jobs,
 * because all normal jobs wait for them.
 */
export const Priority = { High: "high", Normal: "normal" } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

export interface SendOptions {
  /**
   * The group of the job, for example the id of a user. Groups take turns: a group's next job waits for
   * at most one job of each other group. Within a group, the oldest job runs first.
   */
  readonly group?: string;
  /** Default normal. */
  readonly priority?: Priority;
  /** Default: no delay. */
  readonly later?: Later;
}

/**
 * The delay of a job. If several jobs with an equal key are sent within `seconds`, the queue stores only
 * the first job.
 */
export interface Later {
  readonly seconds: number;
  readonly key: string;
}

/** Sends jobs. */
export interface JobQueue {
  /** Sends a job. The job exists if and only if `tx` commits. */
  enqueue<P extends object>(
    tx: Tx,
    job: JobRef<P>,
    payload: P,
    options?: SendOptions,
  ): Promise<void>;
  /**
   * Returns the payloads for which no job waits or runs. The jobs of these payloads ended or were lost.
   */
  findWithoutJob<P extends object>(job: JobRef<P>, payloads: readonly P[]): Promise<P[]>;
}

/** Runs jobs. */
export interface JobRunner {
  start(jobs: readonly JobDefinition[]): Promise<void>;
  /**
   * Stops taking jobs. Leaves running jobs with `isResumed` to other workers at once. Waits at most
   * `graceMs` for all other running jobs. Leaves a job that still runs after this time to other workers,
   * too.
   */
  stop(graceMs: number): Promise<void>;
}
