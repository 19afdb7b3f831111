import {
  ConflictError,
  type FabulaError,
  InvalidInputError,
  ProviderError,
} from "../../../src/platform/errors.js";
import {
  returnExpectedFailures,
  throwReturnedFailure,
} from "../../../src/platform/threads/thread-failure.js";

/** Returns the error that a caller gets if the work in a thread fails with `error`. */
async function errorAfter(error: Error): Promise<unknown> {
  const answer: unknown = structuredClone(
    await returnExpectedFailures(() => Promise.reject(error))(null),
  );
  try {
    return throwReturnedFailure(answer);
  } catch (reason) {
    return reason;
  }
}

test.each<readonly [FabulaError, abstract new (...values: never[]) => FabulaError]>([
  [new InvalidInputError("Record at least 3 s."), InvalidInputError],
  [new ProviderError("The bucket does not answer.", true), ProviderError],
  [new ConflictError("Somebody else was first."), ProviderError],
])("the caller of a thread gets the message and the class of: %s", async (error, kind) => {
  const received = await errorAfter(error);

  expect(received).toBeInstanceOf(kind);
  expect(received).toMatchObject({ message: error.message, retryable: error.retryable });
});

test("a bug in a thread stays an unexpected error", async () => {
  const work = returnExpectedFailures(() => Promise.reject(new TypeError("undefined")));

  await expect(work(null)).rejects.toThrow(TypeError);
});
