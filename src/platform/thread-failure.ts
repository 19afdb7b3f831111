import { FabulaError, ProviderError } from "./errors.js";

/** A storage's or an engine's failure as plain data: an error that leaves its thread keeps its message alone. */
interface ThreadFailure {
  readonly threadFailure: { readonly message: string; readonly retryable: boolean };
}

/** In a thread: answers expected failures instead of throwing them. */
export const returnExpectedFailures =
  <I, O>(work: (input: I) => Promise<O>) =>
  (input: I): Promise<O | ThreadFailure> =>
    work(input).catch((error: unknown) => {
      if (!(error instanceof FabulaError)) throw error;
      const { message, retryable } = error;
      return { threadFailure: { message, retryable } };
    });

/** Outside: what a thread answered. @throws ProviderError where that was a failure */
export function throwReturnedFailure(answer: unknown): unknown {
  if (!isFailure(answer)) return answer;
  const { message, retryable } = answer.threadFailure;
  throw new ProviderError(message, retryable);
}

const isFailure = (answer: unknown): answer is ThreadFailure =>
  typeof answer === "object" && answer !== null && "threadFailure" in answer;
