import type { z } from "zod";
import type { Tx } from "../platform/database/database.js";

/** Why a job was given up. */
export interface JobFailure {
  /** In words that its user may read; null where a bug's own words are for the log alone. */
  readonly message: string | null;
  /** What the log tells of it under. */
  readonly errorId: string;
}

/** A kind of work. Payloads hold ids only; `run` reads the state first and may run twice. */
export interface JobDefinition<P extends object = object> {
  readonly name: string;
  readonly payload: z.ZodType<P>;
  /** Tries after the first before the job is given up. */
  readonly retryLimit: number;
  /** How long one try may take before another worker takes over. */
  readonly timeoutSeconds: number;
  /** How many of them one process runs at once; 1 unless told. */
  readonly concurrency?: number;
  /** Goes on where another try left it, so that a process that stops does not wait for it. */
  readonly isResumed?: boolean;
  /**
   * @param signal aborted once the job is another worker's: it ran out of time, or this process stops
   * @returns what was done, in words for the log
   * @throws to be tried again, unless it is an expected failure that no other try can mend
   */
  run(payload: P, signal: AbortSignal): Promise<string>;
  /** Called once the last try has failed; also runs at least once. */
  giveUp(payload: P, failure: JobFailure): Promise<string>;
}

/** The name and payload a job is sent under, without what runs it. */
export type JobRef<P extends object> = Pick<JobDefinition<P>, "name" | "payload">;

/** Work that waits. Of several with one key, sent within as many seconds, the first stays and the others never were. */
export interface Later {
  readonly seconds: number;
  readonly key: string;
}

/** Sends work. */
export interface JobQueue {
  /** The job exists if and only if `tx` commits. */
  enqueue<P extends object>(tx: Tx, job: JobRef<P>, payload: P, later?: Later): Promise<void>;
}

/** Does work. */
export interface JobRunner {
  start(jobs: readonly JobDefinition[]): Promise<void>;
  /** Takes no more jobs, leaves those that are resumed, waits for the others, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}
