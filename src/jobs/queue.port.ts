import type { z } from "zod";
import type { Tx } from "../platform/database/database.js";

/** A kind of work. Payloads hold ids only; `run` reads the state first and may run twice. */
export interface JobDefinition<P extends object = object> {
  readonly name: string;
  readonly payload: z.ZodType<P>;
  /** Tries after the first before the job is given up. */
  readonly retryLimit: number;
  /** How long one try may take before another worker takes over. */
  readonly timeoutSeconds: number;
  /** @returns what was done, in words for the log. @throws to be tried again */
  run(payload: P): Promise<string>;
  /** Called once the last try has failed; also runs at least once. */
  giveUp(payload: P, reason: string): Promise<string>;
}

/** The name and payload a job is sent under, without what runs it. */
export type JobRef<P extends object> = Pick<JobDefinition<P>, "name" | "payload">;

/** Sends work. */
export interface JobQueue {
  /** The job exists if and only if `tx` commits. */
  enqueue<P extends object>(tx: Tx, job: JobRef<P>, payload: P): Promise<void>;
}

/** Does work. */
export interface JobRunner {
  start(jobs: readonly JobDefinition[]): Promise<void>;
  /** Takes no more jobs, waits for those under way, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}
