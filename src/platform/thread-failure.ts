import { FabulaError, ProviderError } from "./errors.js";

/**
 * An expected failure as plain data. If a thread throws an error, only the message of the error
 * leaves the thread.
 */
interface ThreadFailure {
  readonly threadFailure: { readonly message: string; readonly retryable: boolean };
}

/**
 * Wraps a function that runs in a thread. The wrapped function returns expected failures instead of
 * throwing them.
 */
export const returnExpectedFailures =
  <I, O>(work: (input: I) => Promise<O>) =>
  (input: I): Promise<O | ThreadFailure> =>
    work(input).catch((error: unknown) => {
      if (!(error instanceof FabulaError)) throw error;
      const { message, retryable } = error;
      return { threadFailure: { message, retryable } };
    });

/**
 * Returns a thread's answer. Runs outside the thread. @throws ProviderError if the answer is a
 * failure
 */
export function throwReturnedFailure(answer: unknown): unknown {
  if (!isFailure(answer)) return answer;
  const { message, retryable } = answer.threadFailure;
  throw new ProviderError(message, retryable);
}

const isFailure = (answer: unknown): answer is ThreadFailure =>
  typeof answer === "object" && answer !== null && "threadFailure" in answer;
