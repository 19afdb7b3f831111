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
 * A kind of job. Payloads contain only ids. `run` reads the state first, because it may run twice
 * for one job.
 */
export interface JobDefinition<P extends object = object> {
  readonly name: string;
  readonly payload: z.ZodType<P>;
  /**
   * How often the job runs again after a try that throws. Then the job is given up. A try does not
   * count if its worker died or stopped.
   */
  readonly retryLimit: number;
  /** Longest time for one try. After this time another worker takes the job. */
  readonly timeoutSeconds: number;
  /** How many of these jobs one process runs at once, whatever their priority. Default 1. */
  readonly concurrency?: number;
  /**
   * The number of jobs of only this priority that one process runs at once, in addition to
   * `concurrency`. With a number for each priority, jobs of one priority never wait for jobs of the
   * other. Default 0.
   */
  readonly reserved?: Readonly<Partial<Record<Priority, number>>>;
  /**
   * True if each try continues the work of the previous try. A process that stops does not wait for
   * a job with `isResumed`.
   */
  readonly isResumed?: boolean;
  /**
   * @param signal aborts when another worker takes the job: the job ran out of time, or this process stops
   * @returns a sentence for the log about the work done
   * @throws any error to run the job again. An expected failure that is not retryable gives up the job.
   */
  run(payload: P, signal: AbortSignal): Promise<string>;
  /** Runs after the last try has failed. May run more than once. */
  giveUp(payload: P, failure: JobFailure): Promise<string>;
}

/**
 * The name and payload of a job, without the code that runs it. Code that only sends the job needs
 * no more.
 */
export type JobRef<P extends object> = Pick<JobDefinition<P>, "name" | "payload">;

/** Jobs of a high priority run before all others. Give it to short work only. */
export const Priority = { High: "high", Normal: "normal" } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

export interface SendOptions {
  /**
   * Groups take turns: a group's next job waits for at most one job of each other group. Within a group, the
   * oldest job runs first.
   */
  readonly group?: string;
  /** Default normal. */
  readonly priority?: Priority;
  /** Default: the job may run at once. */
  readonly later?: Later;
}

/**
 * A job that waits for `seconds`. If several jobs with one key are sent within `seconds`, only the
 * first of them is stored.
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
  /** Returns the payloads that no waiting or running job has. Their jobs ended or were lost. */
  findWithoutJob<P extends object>(job: JobRef<P>, payloads: readonly P[]): Promise<P[]>;
}

/** Runs jobs. */
export interface JobRunner {
  start(jobs: readonly JobDefinition[]): Promise<void>;
  /**
   * Stops taking jobs. Leaves running jobs with `isResumed` to other workers. Waits at most `graceMs` for
   * the other jobs, and leaves those that still run.
   */
  stop(graceMs: number): Promise<void>;
}
