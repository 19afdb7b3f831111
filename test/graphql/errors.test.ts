import { GraphQLError, graphql } from "graphql";
import { type FormatError, errorFormatter } from "../../src/graphql/errors.js";
import { buildFabulaSchema } from "../../src/graphql/schema/schema.js";
import {
  InvalidInputError,
  ProviderError,
  UnauthenticatedError,
  UnavailableError,
} from "../../src/platform/errors.js";

const reported: [string, unknown][] = [];
const outages: unknown[] = [];
const format: FormatError = errorFormatter({
  outage: (error) => outages.push(error),
  bug: (id, error) => reported.push([id, error]),
});
beforeEach(() => {
  reported.length = 0;
  outages.length = 0;
});

const located = (originalError: Error): GraphQLError =>
  new GraphQLError(originalError.message, { path: ["stories"], originalError });

test.each([
  ["UNAUTHENTICATED", new UnauthenticatedError("Send a token."), 0],
  ["UNAVAILABLE", new UnavailableError("The database is away."), 1],
  ["PROVIDER_FAILED", new ProviderError("The engine is down.", true), 1],
])(
  "an expected failure is shown as %s and logged if the server caused the failure",
  (code, error, logged) => {
    expect(format(located(error))).toEqual({
      message: error.message,
      path: ["stories"],
      extensions: { code },
    });
    expect(reported).toEqual([]);
    expect(outages).toHaveLength(logged);
  },
);

test("an invalid input error names the argument", () => {
  expect(format(located(new InvalidInputError("first is 0.", ["first"]))).extensions).toEqual({
    code: "BAD_USER_INPUT",
    inputPath: ["first"],
    problems: [{ message: "first is 0.", path: ["first"] }],
  });
});

test("a bug is masked behind an error id, and the log contains the cause under this id", () => {
  const bug = new TypeError("password=hunter2 at postgres://db");

  const shown = format(located(bug));

  const [[errorId, cause] = []] = reported;
  expect(cause).toBe(bug);
  expect(shown.extensions).toEqual({ code: "INTERNAL_SERVER_ERROR", errorId });
  expect(shown.message).toContain(errorId);
  expect(JSON.stringify(shown)).not.toContain("hunter2");
});

test("a resolver result that does not fit the schema is a bug", () => {
  const failed = new GraphQLError('Enum "Mood" cannot represent value: "secret"');

  expect(JSON.stringify(format(located(failed)))).not.toContain("secret");
  expect(reported).toHaveLength(1);
});

test("an error of graphql-js about the request is shown", async () => {
  const { errors } = await graphql({ schema: buildFabulaSchema(), source: "{ nothing }" });

  expect(errors?.map(format)).toMatchObject([
    {
      message: 'Cannot query field "nothing" on type "Query".',
      extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
    },
  ]);
});

test("a thrown value that is not an Error is masked", () => {
  expect(format("oops").extensions?.["code"]).toBe("INTERNAL_SERVER_ERROR");
});
