import { ErrorCode, FabulaError, InvalidInputError, ProviderError } from "../errors.js";

/**
 * An expected failure as plain data. If a thread throws an error, only the message of the error
 * leaves the thread.
 */
interface ThreadFailure {
  readonly threadFailure: {
    readonly message: string;
    readonly retryable: boolean;
    /** True if the input of the work can never work. */
    readonly isInvalidInput: boolean;
    /** The input field, if the input is invalid. */
    readonly inputPath: readonly string[];
  };
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
      const { message, retryable, inputPath } = error;
      const isInvalidInput = error.code === ErrorCode.BadUserInput;
      return { threadFailure: { message, retryable, isInvalidInput, inputPath } };
    });

/**
 * Returns a thread's answer. Runs outside the thread. @throws InvalidInputError if the answer is a failure
 * of that class, ProviderError if the answer is another failure
 */
export function throwReturnedFailure(answer: unknown): unknown {
  if (!isFailure(answer)) return answer;
  const { message, retryable, isInvalidInput, inputPath } = answer.threadFailure;
  if (isInvalidInput) throw new InvalidInputError(message, inputPath);
  throw new ProviderError(message, retryable);
}

const isFailure = (answer: unknown): answer is ThreadFailure =>
  typeof answer === "object" && answer !== null && "threadFailure" in answer;
