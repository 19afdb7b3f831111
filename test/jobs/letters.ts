import { once } from "node:events";
import { z } from "zod";
import type { JobDefinition, JobFailure } from "../../src/jobs/queue.port.js";

const payload = z.object({ id: z.number() });
export const LETTER = { name: "letter", payload, retryLimit: 1, timeoutSeconds: 30 } as const;

export type Letter = JobDefinition<z.output<typeof payload>>;

/** Returns a job, and promises with which a test can wait until the job is done or given up. */
export function letterBox(
  run: (id: number, tries: number) => Promise<void> | void = () => undefined,
) {
  const tries: number[] = [];
  const done = Promise.withResolvers<number>();
  const givenUp = Promise.withResolvers<JobFailure>();
  const job: Letter = {
    ...LETTER,
    run: async ({ id }) => {
      tries.push(id);
      await run(id, tries.length);
      done.resolve(id);
      return `Delivered letter ${id}`;
    },
    giveUp: async ({ id }, failure) => {
      givenUp.resolve(failure);
      return `Returned letter ${id}`;
    },
  };
  return { job, tries, done: done.promise, givenUp: givenUp.promise };
}

/** Returns a job whose tries hang. After `throwFromNowOn`, every try throws. */
export function hangingBox() {
  const begun = Array.from({ length: 10 }, () => Promise.withResolvers<undefined>());
  const release = Promise.withResolvers<undefined>();
  let tries = 0;
  const { job, givenUp } = letterBox(async () => {
    begun[tries]?.resolve(undefined);
    tries += 1;
    await release.promise;
    throw new Error("The ink ran dry.");
  });
  return {
    job: {
      ...job,
      concurrency: begun.length,
      run: async (letter, signal) => {
        await Promise.race([job.run(letter, signal), once(signal, "abort")]);
        throw new Error("The letter was taken away.");
      },
    } satisfies Letter,
    givenUp,
    tries: () => tries,
    /** Resolves when the try with this number, from 1, has begun. */
    begun: (number: number) => begun[number - 1]?.promise,
    throwFromNowOn: () => {
      release.resolve(undefined);
    },
  };
}
