import fc from "fast-check";
import {
  isDuplicateOf,
  retryOnContention,
  translateError,
} from "../../../../src/platform/database/transactions/sqlstate.js";
import { ConflictError, NotFoundError, UnavailableError } from "../../../../src/platform/errors.js";

const failure = (code: string, constraint?: string): Error =>
  Object.assign(new Error(`SQLSTATE ${code}`), { driverError: sqlError(code, constraint) });
const sqlError = (code: string, constraint?: string): Error =>
  Object.assign(new Error(`SQLSTATE ${code}`), { code, constraint });

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

test.each([
  ["23505", "CONFLICT"],
  ["22P02", "BAD_USER_INPUT"],
  ["22021", "BAD_USER_INPUT"],
  ["22003", "BAD_USER_INPUT"],
  ["40001", "UNAVAILABLE"],
  ["40P01", "UNAVAILABLE"],
  ["55P03", "UNAVAILABLE"],
  ["57014", "UNAVAILABLE"],
  ["57P01", "UNAVAILABLE"],
  ["53300", "UNAVAILABLE"],
  ["08006", "UNAVAILABLE"],
  ["08P01", "UNAVAILABLE"],
  ["ECONNREFUSED", "UNAVAILABLE"],
  ["ECONNRESET", "UNAVAILABLE"],
])("SQLSTATE %s becomes the error code %s", (code, expected) => {
  expect(codeOf(translateError(failure(code)))).toBe(expected);
  expect(codeOf(translateError(sqlError(code)))).toBe(expected);
});

test.each([
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "Query runner already released. Cannot run queries anymore.",
])("the client's message %j becomes an UnavailableError", (message) => {
  expect(translateError(new Error(message))).toBeInstanceOf(UnavailableError);
});

test("a connection refused on several addresses becomes an UnavailableError", () => {
  const refused = new AggregateError([sqlError("ECONNREFUSED"), sqlError("ECONNREFUSED")]);

  expect(translateError(refused)).toBeInstanceOf(UnavailableError);
});

test("our own errors and unknown errors pass unchanged", () => {
  const own = new NotFoundError("There is no story 7.");

  expect(translateError(own)).toBe(own);
  for (const bug of [failure("42P01"), failure("42501"), failure("23503"), new TypeError("x")]) {
    expect(translateError(bug)).toBe(bug);
  }
  expect(translateError("a string")).toBe("a string");
});

test("translating any thrown value never throws", () => {
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      translateError(thrown);
    }),
  );
});

test("a duplicate is recognized by its constraint, also with a shard number at the end", () => {
  const duplicate = translateError(failure("23505", "stories_slug_key_102008"));

  expect(isDuplicateOf(duplicate, "stories_slug_key")).toBe(true);
  expect(isDuplicateOf(duplicate, "users_pkey")).toBe(false);
  expect(isDuplicateOf(new ConflictError("Stale."), "stories_slug_key")).toBe(false);
  expect((duplicate as Error).message).toBe(
    "A row with the same value already exists (stories_slug_key).",
  );
});

test("work that meets contention runs five times, then the error reaches the caller", async () => {
  let tries = 0;
  const work = () => {
    tries += 1;
    return Promise.reject(new UnavailableError("Busy.", { cause: failure("40P01") }));
  };

  await expect(retryOnContention(work)).rejects.toBeInstanceOf(UnavailableError);
  expect(tries).toBe(5);
});

test("work that succeeds on a later try returns its result", async () => {
  const answers = [failure("40001"), failure("55P03"), failure("23503")];

  const result = await retryOnContention(async () => {
    const error = answers.shift();
    if (error) throw error;
    return "done";
  });

  expect(result).toBe("done");
});

test("work that fails with another error runs once", async () => {
  let tries = 0;
  const work = () => {
    tries += 1;
    return Promise.reject(failure("57P01"));
  };

  await expect(retryOnContention(work)).rejects.toThrow("57P01");
  expect(tries).toBe(1);
});
