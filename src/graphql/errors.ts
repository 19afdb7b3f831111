import { randomUUID } from "node:crypto";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { ErrorCode, FabulaError, InvalidInputError } from "../platform/errors.js";

/** Told of every bug, with the id its caller was given. */
export type ReportBug = (errorId: string, cause: unknown) => void;

/** A GraphQL error as a client may see it. */
export type FormatError = (error: unknown) => GraphQLFormattedError;

const INTERNAL_ERROR = "INTERNAL_SERVER_ERROR";

/** Codes of graphql-js and Apollo for requests that are wrong in themselves. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "BAD_REQUEST",
  ...Object.values(ErrorCode),
]);

/**
 * Shows expected failures with their code and masks everything else behind an error id. The same
 * function serves HTTP and WebSocket.
 */
export const errorFormatter =
  (report: ReportBug): FormatError =>
  (error) => {
    const shown = shownError(error);
    if (shown) return shown;
    const errorId = randomUUID();
    report(errorId, causeOf(error));
    return {
      message: `Something went wrong on our side; when you report it, quote ${errorId}.`,
      ...placeOf(error),
      extensions: { code: INTERNAL_ERROR, errorId },
    };
  };

function shownError(error: unknown): GraphQLFormattedError | null {
  const cause = causeOf(error);
  if (cause instanceof FabulaError) {
    const inputPath = cause instanceof InvalidInputError ? cause.inputPath : [];
    return {
      message: cause.message,
      ...placeOf(error),
      extensions: { code: cause.code, ...(inputPath.length > 0 ? { inputPath } : {}) },
    };
  }
  if (!(error instanceof GraphQLError)) return null;
  const code = requestCodeOf(error, cause);
  return code === null ? null : { message: error.message, ...placeOf(error), extensions: { code } };
}

/** The code of an error that graphql-js or Apollo raised about the request; null where it is a bug. */
function requestCodeOf(error: GraphQLError, cause: unknown): string | null {
  const { code } = error.extensions;
  if (typeof code === "string" && REQUEST_CODES.has(code)) return code;
  if (cause === error) return error.path === undefined ? "GRAPHQL_VALIDATION_FAILED" : null;
  // Arguments are coerced while executing: such an error points at the query, a failed answer does not.
  return cause instanceof GraphQLError && cause.nodes?.length ? ErrorCode.BadUserInput : null;
}

/** What was thrown, inside whatever graphql-js wrapped around it. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? causeOf(error.originalError)
    : error;
}

function placeOf(error: unknown): Pick<GraphQLFormattedError, "locations" | "path"> {
  if (!(error instanceof GraphQLError)) return {};
  return {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
}
